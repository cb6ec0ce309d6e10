namespace DoSnapshot.Sandbox;

/// <summary>One of the vendor's calls, as its description names it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Template">The path, with what varies in braces.</param>
/// <param name="Scopes">What a token must be allowed for it; some bodies and queries ask for more.</param>
public sealed record SandboxEndpoint(string Method, string Template, IReadOnlyList<string> Scopes);

/// <summary>A call and what answers it.</summary>
internal sealed class SandboxRoute(string method, string template, string scopes, Func<SandboxVendorCall, SandboxResponse> answer)
{
    private readonly string[] _segments = template.TrimStart('/').Split('/');

    /// <summary>A call about one droplet, image or the like, whose number is in the address. What is no number is not found.</summary>
    public SandboxRoute(string method, string template, string scopes, Func<SandboxVendorCall, long, SandboxResponse> answer)
        : this(method, template, scopes, call => SandboxVendorCall.TryId(call.Values[0], out var id) ? answer(call, id) : call.Refuse(SandboxError.NotFound))
    {
    }

    public SandboxEndpoint Endpoint { get; } = new(method, template, scopes.Split(' '));

    public Func<SandboxVendorCall, SandboxResponse> Answer { get; } = answer;

    /// <summary>What stands in the path where the template has braces; none if it is another path.</summary>
    public string[]? Match(string[] path)
    {
        if (path.Length != _segments.Length)
            return null;
        for (var i = 0; i < path.Length; i++)
        {
            if (!IsVariable(i) && !string.Equals(_segments[i], path[i], StringComparison.Ordinal))
                return null;
        }

        return [.. path.Where((_, i) => IsVariable(i)).Select(Uri.UnescapeDataString)];

        bool IsVariable(int i) => _segments[i][0] == '{';
    }
}

/// <summary>The vendor's calls, as far as the sandbox has them; anything else is not found.</summary>
internal sealed class SandboxVendorRoutes(SandboxAccount account)
{
    private readonly SandboxRoute[] _routes =
    [
        .. new SandboxGeneralRoutes(account).All, .. new SandboxDropletRoutes(account).All, .. new SandboxSnapshotRoutes(account).All,
        .. new SandboxImageRoutes(account).All, .. new SandboxTagRoutes(account).All, .. new SandboxVolumeRoutes(account).All,
    ];

    private readonly SandboxFragments _fragments = new();

    public IEnumerable<SandboxEndpoint> Endpoints => _routes.Select(route => route.Endpoint);

    /// <summary>The call that a request is; none if there is no such.</summary>
    public SandboxEndpoint? Find(SandboxRequest request) =>
        _routes.FirstOrDefault(route => string.Equals(route.Endpoint.Method, request.Method, StringComparison.Ordinal) && route.Match(request.Path) is not null)
            ?.Endpoint;

    public SandboxResponse Answer(SandboxRequest request, string requestId, SandboxGrant grant)
    {
        var call = new SandboxVendorCall(request, requestId, grant, [], _fragments);
        var error = SandboxError.NotFound;
        foreach (var route in _routes)
        {
            if (route.Match(request.Path) is not { } values)
                continue;
            if (string.Equals(route.Endpoint.Method, request.Method, StringComparison.Ordinal))
                return grant.Allows(route.Endpoint.Scopes) ? route.Answer(call with { Values = values }) : call.Refuse(SandboxError.MissingScope);
            error = SandboxError.MethodNotAllowed;
        }

        return call.Refuse(error);
    }
}
