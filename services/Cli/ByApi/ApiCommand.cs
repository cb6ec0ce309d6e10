using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DoSnapshot.Cli.Manual;
using DoSnapshot.HttpApi;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.ByApi;

/// <summary>A command as the API takes it.</summary>
/// <param name="Path">The path under <c>/v1/</c>.</param>
/// <param name="Body">What, besides the reason.</param>
/// <param name="Outcome">What came of its first, second and so on, by how the snapshot of that stands; null where there is nothing to wait for.</param>
internal sealed record ApiCommand(string Path, JsonObject Body, Func<int, Snapshot?, ManualOutcome?>? Outcome = null)
{
    private const string Json = "application/json";

    /// <summary>Whether it is put in the place of what is there.</summary>
    public bool Replaces { get; init; }

    /// <summary>Gives the command, once only, whatever becomes of the connection.</summary>
    /// <param name="place">Where the API is.</param>
    /// <param name="caller">Calls it.</param>
    /// <param name="reason">Why; the log keeps it.</param>
    /// <param name="wait">Whether to stay until it is known what came of it.</param>
    /// <param name="surroundings">The command's.</param>
    /// <param name="ct">Ends the waiting; what was asked for stays asked for.</param>
    /// <returns>The exit code: 0 done, 1 refused or ended badly.</returns>
    /// <exception cref="ApiException">There is no answer, or what is named cannot be found.</exception>
    public async Task<int> RunAsync(ApiPlace place, ApiCaller caller, string reason, bool wait, Surroundings surroundings, CancellationToken ct)
    {
        Body["reason"] = reason;
        var (path, body, key) = ($"v1/{Path}", Body.ToJsonString(), Guid.NewGuid().ToString());
        var answer = await (Replaces ? caller.PutAsync(path, body, key, ct) : caller.PostAsync(path, body, key, ct));
        if (Read(answer) is not { } told)
        {
            throw ApiTrouble.Of(place, answer, isCommand: true);
        }

        await ManualRun.TellAsync(told.Accepted.Select(a => a.Says), told.Refused.Select(r => (r.What, r.Why)), surroundings.Output, surroundings.Error);
        return told.Refused.Count == 0 && (!wait || Outcome is null || await FollowAsync(place, caller, told.Accepted, surroundings, ct))
            ? ExitCodes.Done
            : ExitCodes.Failed;
    }

    private static Told? Read(ApiAnswer answer)
    {
        try
        {
            if (answer.IsIn(HttpStatusCode.Accepted, Json))
            {
                using var document = JsonDocument.Parse(answer.Body);
                return new Told(Accepts(document.RootElement), []);
            }

            return answer is { Status: HttpStatusCode.Conflict } && answer.AsProblem() is { } problem && problem.TryGetProperty("refused", out var refused)
                ? new Told(Accepts(problem), [.. refused.EnumerateArray().Select(r => (Text(r, "what"), Text(r, "why")))])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static IReadOnlyList<Accepted> Accepts(JsonElement answer) =>
        [.. answer.GetProperty("accepted").EnumerateArray().Select(a => new Accepted(Text(a, "id"), Text(a, "what"), Text(a, "says")))];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private Task<bool> FollowAsync(ApiPlace place, ApiCaller caller, IReadOnlyList<Accepted> accepted, Surroundings surroundings, CancellationToken ct) => Following.RunAsync(
        accepted.Select((a, at) => (Accepted: a, At: at)),
        f => f.Accepted.What,
        async open =>
        {
            var outcomes = new List<ManualOutcome?>();
            foreach (var (one, at) in open)
            {
                outcomes.Add(Outcome!(at, await LookAsync(place, caller, one.Id, ct)));
            }

            return outcomes;
        },
        surroundings.Output,
        surroundings.Error,
        surroundings.Clock,
        ct);

    /// <summary>How a snapshot stands; null where the log does not know it.</summary>
    private static async Task<Snapshot?> LookAsync(ApiPlace place, ApiCaller caller, string id, CancellationToken ct)
    {
        var answer = await caller.GetAsync($"v1/snapshots/{Uri.EscapeDataString(id)}", Json, isLong: false, ct);
        if (answer is { Status: HttpStatusCode.NotFound } && answer.AsProblem() is { } problem && problem.TryGetProperty("field", out _))
        {
            return null;
        }

        try
        {
            if (answer.IsIn(HttpStatusCode.OK, Json))
            {
                using var document = JsonDocument.Parse(answer.Body);
                return SnapshotJson.Read(document.RootElement);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            // Another version's: told as what it is.
        }

        throw ApiTrouble.Of(place, answer);
    }

    private sealed record Accepted(string Id, string What, string Says);

    private sealed record Told(IReadOnlyList<Accepted> Accepted, IReadOnlyList<(string What, string Why)> Refused);
}
