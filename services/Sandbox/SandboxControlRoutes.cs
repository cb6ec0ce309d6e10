using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>What the owner of the sandbox does over HTTP. No token is asked for: it is an account to practise on.</summary>
internal sealed class SandboxControlRoutes(SandboxAccount account)
{
    public SandboxResponse Answer(SandboxRequest request) => (request.Method, request.Path) switch
    {
        ("GET", ["sandbox", "state"]) => SandboxJson.Ok(account.State(), options: SandboxJson.Control),
        ("GET", ["sandbox", "requests"]) => Requests(request),
        ("GET", ["sandbox", "requests", "count"]) => SandboxJson.Ok(account.Journal.Counts(), options: SandboxJson.Control),

        ("POST", ["sandbox", "droplets"]) => Do<NewDroplet, SandboxDroplet>(request, account.AddDroplet, status: 201),
        ("PATCH", ["sandbox", "droplets", var d]) when SandboxVendorCall.TryId(d, out var id) =>
            Do<DropletChange, SandboxDroplet>(request, change => Change(id, change), status: 200),
        ("DELETE", ["sandbox", "droplets", var d]) when SandboxVendorCall.TryId(d, out var id) =>
            account.DestroyDroplet(id) ? new SandboxResponse(204) : SandboxJson.Refusal(SandboxError.NotFound),

        ("POST", ["sandbox", "snapshots"]) => Do<NewSnapshot, SandboxImage>(request, account.PlantSnapshot, status: 201),
        ("DELETE", ["sandbox", "snapshots", var s]) when SandboxVendorCall.TryId(s, out var id) =>
            account.DeleteSnapshot(id, by: $"DELETE {request.Uri.AbsolutePath}") is { } error
                ? SandboxJson.Refusal(error)
                : new SandboxResponse(204),

        ("GET", ["sandbox", "tokens"]) => SandboxJson.Ok(new { Tokens = account.Tokens().Select(TokenTold.Of) }, options: SandboxJson.Control),
        ("PUT", ["sandbox", "tokens", var name]) =>
            Do<NewToken, TokenTold>(request, token => Set(token with { Name = Uri.UnescapeDataString(name) }), status: 200),
        ("DELETE", ["sandbox", "tokens", var name]) =>
            account.RevokeToken(Uri.UnescapeDataString(name)) ? new SandboxResponse(204) : SandboxJson.Refusal(SandboxError.NotFound),

        (_, ["sandbox", "faults", ..]) => SandboxFaultRoutes.Answer(request, account.Faults),

        _ => SandboxJson.Refusal(SandboxError.NotFound),
    };

    private SandboxResult<TokenTold> Set(NewToken token)
    {
        var result = account.SetToken(token);
        return result.Value is { } set ? TokenTold.Of(set) : result.Error!;
    }

    /// <summary>The journal after a call's number or from a time on; all that is kept if neither is said.</summary>
    private SandboxResponse Requests(SandboxRequest request)
    {
        var since = request.Query["since"];
        if (since is null)
            return Listed(account.Journal.All());
        if (SandboxVendorCall.TryId(since, out var number))
            return Listed(account.Journal.Since(number));
        return DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Listed(account.Journal.Since(time))
            : SandboxJson.Refusal(SandboxError.BadRequest("since must be the number of a call or a time such as 2026-01-31T12:00:00Z."));
    }

    private SandboxResponse Listed(IReadOnlyList<SandboxCall> calls) =>
        SandboxJson.Ok(new { Requests = calls, account.Journal.Total }, options: SandboxJson.Control);

    private SandboxResult<SandboxDroplet> Change(long id, DropletChange change)
    {
        SandboxResult<SandboxDroplet> result = account.Droplet(id) is { } droplet ? droplet : SandboxError.NotFound;
        if (result.Error is null && change.Name is { } name)
            result = account.RenameDroplet(id, name);
        if (result.Error is null && change.Tags is { } tags)
            result = account.RetagDroplet(id, tags);
        if (result.Error is null && change.Status is { } status)
            result = account.SetPower(id, status);
        return result;
    }

    private static SandboxResponse Do<TBody, TResult>(SandboxRequest request, Func<TBody, SandboxResult<TResult>> change, int status)
        where TBody : class
        where TResult : class
    {
        if (!SandboxJson.TryRead<TBody>(request, SandboxJson.Control, out var body, out var error))
            return SandboxJson.Refusal(error);
        var result = change(body);
        return result.Value is { } value
            ? SandboxJson.Ok(value, status, SandboxJson.Control)
            : SandboxJson.Refusal(result.Error!);
    }

    private sealed record DropletChange(string? Name = null, IReadOnlyList<string>? Tags = null, SandboxPower? Status = null);

    /// <summary>A token as it is told: not even its hash is.</summary>
    private sealed record TokenTold(string Name, IReadOnlyList<string>? Scopes, string? Team, bool IsRevoked)
    {
        public static TokenTold Of(SandboxToken token) => new(token.Name, token.Scopes, token.Team, token.IsRevoked);
    }
}
