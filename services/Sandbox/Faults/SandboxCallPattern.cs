namespace DoSnapshot.Sandbox;

/// <summary>One of the vendor's calls, as rules and counts name it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">The path with <c>{id}</c> for what varies; none if the sandbox does not have it.</param>
internal sealed record SandboxKnownCall(string Method, string? Path)
{
    private static readonly string[] Remembered =
        ["/v2/droplets", "/v2/droplets/{id}/snapshots", "/v2/droplets/{id}/actions", "/v2/snapshots", "/v2/images", "/v2/images/{id}/actions", "/v2/actions"];

    public string Name => $"{Method} {Path ?? "other"}";

    /// <summary>Whether it is a list of which is known what it was.</summary>
    public bool IsRememberedList => IsGet && Remembered.Contains(Path, StringComparer.Ordinal);

    /// <summary>Whether its answer has a body that can break off.</summary>
    public bool IsAnsweredInFull => Path is not null && (IsGet || (Method is "POST" or "PUT" && !Path.EndsWith("/resources", StringComparison.Ordinal)));

    /// <summary>Whether it starts an action of a type that its body says.</summary>
    public bool StartsAction => Method is "POST" && Path?.EndsWith("/actions", StringComparison.Ordinal) == true;

    private bool IsGet => Method is "GET";
}

/// <summary>Which calls a rule is about.</summary>
internal sealed class SandboxCallPattern
{
    // Made once, of an account that nobody has: what is asked of the routes here is only which there are.
    private static readonly Lazy<SandboxVendorRoutes> Routes = new(() => new SandboxVendorRoutes(new SandboxAccount(TimeProvider.System)));
    private static readonly Lazy<SandboxKnownCall[]> Known = new(() => [.. Routes.Value.Endpoints.Select(Call)]);

    private readonly string _method;
    private readonly string _path;

    private SandboxCallPattern(string method, string path) => (_method, _path) = (method, path);

    /// <summary>Whether it is the pattern of any call that the sandbox has.</summary>
    public static bool IsKnown(string text) => TryRead(text) is { } pattern && Known.Value.Any(pattern.Covers);

    /// <summary>Whether any of the calls starts an action.</summary>
    public static bool IsOfActions(string text) => TryRead(text) is { } pattern && Known.Value.Any(call => call.StartsAction && pattern.Covers(call));

    /// <summary>The type of the action that a call is to start; none if it is to start none.</summary>
    public static string? ActionOf(SandboxRequest request, SandboxKnownCall call) =>
        call.StartsAction && SandboxJson.TryRead<ActionType>(request, SandboxJson.Vendor, out var action, out _) ? action.Type : null;

    /// <summary>The pattern, or none if it is not in the form of one.</summary>
    public static SandboxCallPattern? TryRead(string? text)
    {
        var parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts switch
        {
            ["*"] => new SandboxCallPattern("*", "*"),
            [var method, "*"] => new SandboxCallPattern(method.ToUpperInvariant(), "*"),
            [var method, ['/', ..] path] => new SandboxCallPattern(method.ToUpperInvariant(), Plain(path)),
            _ => null,
        };
    }

    /// <summary>Which of the calls a request is.</summary>
    public static SandboxKnownCall CallOf(SandboxRequest request) =>
        Routes.Value.Find(request) is { } endpoint ? Call(endpoint) : new SandboxKnownCall(request.Method, null);

    /// <summary>Whether a call is meant.</summary>
    public bool Covers(SandboxKnownCall call) =>
        (_method is "*" || string.Equals(_method, call.Method, StringComparison.Ordinal)) && CoversPath(call.Path);

    private bool CoversPath(string? path)
    {
        if (_path is "*")
            return true;
        return _path.EndsWith("/*", StringComparison.Ordinal)
            ? path?.StartsWith(_path[..^1], StringComparison.Ordinal) == true
            : string.Equals(_path, path, StringComparison.Ordinal);
    }

    private sealed record ActionType(string? Type);

    private static SandboxKnownCall Call(SandboxEndpoint endpoint) => new(endpoint.Method, Plain(endpoint.Template));

    private static string Plain(string template) =>
        string.Join('/', template.Split('/').Select(segment => segment is ['{', .., '}'] ? "{id}" : segment));
}
