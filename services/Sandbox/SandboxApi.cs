using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>
/// The HTTP side of the account as a function: a request goes in, an answer comes out. It knows neither sockets nor
/// ASP.NET, and keeps nothing. What is late or lost on its way is so on the line to it.
/// </summary>
/// <param name="account">The account it speaks for.</param>
public sealed class SandboxApi(SandboxAccount account)
{
    private readonly SandboxVendorRoutes _vendor = new(account);
    private readonly SandboxControlRoutes _control = new(account);

    // What other teams have lives as long as this, and is in no file: it is there to be seen as another team's, and not to be worked with.
    private readonly Dictionary<string, SandboxVendorRoutes> _otherTeams = new(StringComparer.Ordinal);

    /// <summary>The vendor's calls that it answers, with what a token must be allowed for each.</summary>
    public IReadOnlyList<SandboxEndpoint> Endpoints => [.. _vendor.Endpoints];

    /// <summary>The account it speaks for.</summary>
    public SandboxAccount Account { get; } = account;

    /// <summary>Answers a request. What is under <c>/sandbox</c> controls the account and is neither counted nor limited.</summary>
    public SandboxResponse Handle(SandboxRequest request) => Handle(request, fault: null);

    /// <summary>Answers a request, of which something goes wrong here and not on the line.</summary>
    internal SandboxResponse Handle(SandboxRequest request, SandboxFaultRule? fault)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.IsControl)
            return _control.Answer(request);

        var at = Account.Now;
        var response = Answer(request, Account.NextRequestId(), fault);
        Account.Journal.Record(at, request.Method, request.Uri.PathAndQuery, response.Status, fault?.Kind);
        return response.With([("date", Account.Stamp(at).ToString("r", CultureInfo.InvariantCulture))]);
    }

    private SandboxResponse Answer(SandboxRequest request, string requestId, SandboxFaultRule? fault)
    {
        if (fault is { Kind: SandboxFaultKind.HourlyLimit or SandboxFaultKind.BurstLimit })
            return SandboxFaultAnswers.Throttled(fault, Account, requestId);
        if (fault is { Kind: SandboxFaultKind.HtmlBefore })
            return SandboxFaultAnswers.Page(fault);
        var response = Limited(request, requestId, fault);
        return fault?.Kind switch
        {
            SandboxFaultKind.HtmlAfter => SandboxFaultAnswers.Page(fault),
            SandboxFaultKind.ErrorAfter => SandboxFaultAnswers.Error(fault, requestId) with { Headers = response.Headers },
            SandboxFaultKind.TruncatedJson => SandboxFaultAnswers.Truncated(response),
            _ => response,
        };
    }

    /// <summary>The limits apply to a token (documented); requests without a valid one share one allowance (chosen).</summary>
    private SandboxResponse Limited(SandboxRequest request, string requestId, SandboxFaultRule? fault)
    {
        var grant = Account.GrantOf(request.Token);
        var quota = Account.Limiter.Take(grant is null ? "" : request.Token!);
        var response = (grant, quota.Allowed) switch
        {
            (_, false) => SandboxJson.Refusal(SandboxError.TooManyRequests),
            (null, _) => SandboxJson.Refusal(SandboxError.Unauthorized, requestId),
            _ when fault is { Kind: SandboxFaultKind.ErrorBefore } => SandboxFaultAnswers.Error(fault, requestId),
            _ => RoutesFor(grant, fault).Answer(request, requestId, grant),
        };
        return response.With(
        [
            ("ratelimit-limit", Text(quota.Limit)),
            ("ratelimit-remaining", Text(quota.Remaining)),
            ("ratelimit-reset", Text(quota.Reset + (long)Account.Faults.ClockSkew.TotalSeconds)),
            ("x-request-id", requestId),
            .. quota.RetryAfter is { } seconds ? [("retry-after", Text(seconds))] : Array.Empty<(string, string)>(),
        ]);
    }

    private SandboxVendorRoutes RoutesFor(SandboxGrant grant, SandboxFaultRule? fault)
    {
        if (grant.Team is not { } team || string.Equals(team, Account.Settings.Owner.Uuid, StringComparison.Ordinal))
            return fault is { Kind: SandboxFaultKind.StaleList } ? new SandboxVendorRoutes(Account.AsOf(fault.Duration)) : _vendor;
        lock (_otherTeams)
        {
            if (!_otherTeams.TryGetValue(team, out var routes))
                _otherTeams[team] = routes = new SandboxVendorRoutes(Account.OfOtherTeam(team, _otherTeams.Count + 1));
            return routes;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
