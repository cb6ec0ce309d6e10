using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>
/// The HTTP side of the account as a function: a request goes in, an answer comes out. It knows neither sockets nor
/// ASP.NET, and keeps nothing; whatever alters answers on their way (faults, say) can stand around it.
/// </summary>
/// <param name="account">The account it speaks for.</param>
public sealed class SandboxApi(SandboxAccount account)
{
    private readonly SandboxVendorRoutes _vendor = new(account);
    private readonly SandboxControlRoutes _control = new(account);

    /// <summary>The vendor's calls that it answers, with what a token must be allowed for each.</summary>
    public IReadOnlyList<SandboxEndpoint> Endpoints => [.. _vendor.Endpoints];

    /// <summary>The account it speaks for.</summary>
    public SandboxAccount Account { get; } = account;

    /// <summary>Answers a request. What is under <c>/sandbox</c> controls the account and is neither counted nor limited.</summary>
    public SandboxResponse Handle(SandboxRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Path is ["sandbox", ..])
            return _control.Answer(request);

        var at = Account.Now;
        var response = Limited(request, Account.NextRequestId());
        Account.Journal.Record(at, request.Method, request.Uri.PathAndQuery, response.Status);
        return response;
    }

    /// <summary>The limits apply to a token (documented); requests without a valid one share one allowance (chosen).</summary>
    private SandboxResponse Limited(SandboxRequest request, string requestId)
    {
        var token = Accepted(request.Token) ? request.Token : null;
        var quota = Account.Limiter.Take(token ?? "");
        var response = (token, quota.Allowed) switch
        {
            (_, false) => SandboxJson.Refusal(SandboxError.TooManyRequests),
            (null, _) => SandboxJson.Refusal(SandboxError.Unauthorized, requestId),
            _ => _vendor.Answer(request, requestId, SandboxGrant.Full),
        };
        response = response
            .With("ratelimit-limit", Text(quota.Limit))
            .With("ratelimit-remaining", Text(quota.Remaining))
            .With("ratelimit-reset", Text(quota.Reset))
            .With("x-request-id", requestId);
        return quota.RetryAfter is { } seconds ? response.With("retry-after", Text(seconds)) : response;
    }

    private bool Accepted(string? token) =>
        token is not null && (Account.Settings.Token is not { } only || string.Equals(token, only, StringComparison.Ordinal));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
