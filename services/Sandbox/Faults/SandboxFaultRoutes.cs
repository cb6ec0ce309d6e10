using System.Text.Json;

namespace DoSnapshot.Sandbox;

/// <summary>How the owner of the sandbox has things go wrong over HTTP.</summary>
internal static class SandboxFaultRoutes
{
    /// <summary>Answers what is under <c>/sandbox/faults</c>.</summary>
    public static SandboxResponse Answer(SandboxRequest request, SandboxFaults faults) => (request.Method, request.Path) switch
    {
        ("GET", [_, _]) => Told(faults),
        ("GET", [_, _, "count"]) => SandboxJson.Ok(faults.Counts(), options: SandboxJson.Control),
        ("PUT", [_, _]) => With<NewFaults>(request, body => body.Rules, body => Set(faults, body), faults),
        ("POST", [_, _]) => With<SandboxFaultRule>(request, rule => [rule], faults.Add, faults),
        ("DELETE", [_, _]) => Cleared(faults),
        _ => SandboxJson.Refusal(SandboxError.NotFound),
    };

    private static void Set(SandboxFaults faults, NewFaults body)
    {
        if (body.Seed is { } seed)
            faults.Reseed(seed);
        faults.ClockSkew = TimeSpan.FromSeconds(body.ClockSkewSeconds);
        faults.Set(body.Rules);
    }

    private static SandboxResponse Cleared(SandboxFaults faults)
    {
        faults.Clear();
        return new SandboxResponse(204);
    }

    private static SandboxResponse With<T>(
        SandboxRequest request, Func<T, IReadOnlyList<SandboxFaultRule>> rules, Action<T> change, SandboxFaults faults)
        where T : class
    {
        if (!SandboxJson.TryRead<T>(request, SandboxJson.Control, out var body, out var error))
            return SandboxJson.Refusal(error);
        if (body is NewFaults { ClockSkewSeconds: not (>= -86_400 and <= 86_400) })
            return SandboxJson.Refusal(SandboxError.Unprocessable("clock_skew_seconds must be from -86400 to 86400."));
        var mistakes = rules(body).SelectMany((rule, i) => rule.Mistakes().Select(mistake =>
            $"rules[{i}].{JsonNamingPolicy.SnakeCaseLower.ConvertName(mistake.Member)} {mistake.Mistake}")).ToList();
        if (mistakes is [var first, ..])
            return SandboxJson.Refusal(SandboxError.Unprocessable(first));
        change(body);
        return Told(faults);
    }

    private static SandboxResponse Told(SandboxFaults faults) => SandboxJson.Ok(
        new
        {
            ClockSkewSeconds = faults.ClockSkew.TotalSeconds,
            Rules = faults.Standing().Select(standing => new { standing.Rule, standing.Seen, Injected = standing.Hit }),
            Counts = faults.Counts(),
        },
        options: SandboxJson.Control);

    private sealed record NewFaults
    {
        public int? Seed { get; init; }

        public double ClockSkewSeconds { get; init; }

        public IReadOnlyList<SandboxFaultRule> Rules { get; init; } = [];
    }
}
