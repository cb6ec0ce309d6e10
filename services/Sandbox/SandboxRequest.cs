using System.Collections.Specialized;
using System.Web;

namespace DoSnapshot.Sandbox;

/// <summary>A request, whatever brought it.</summary>
/// <param name="Method">HTTP method in capitals.</param>
/// <param name="Uri">Absolute address; the links to other pages begin as it does.</param>
/// <param name="Headers">Headers, by a name whose case does not matter.</param>
/// <param name="Body">The body; empty if there is none.</param>
public sealed record SandboxRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The parts of the path.</summary>
    internal string[] Path { get; } = Uri.AbsolutePath.TrimStart('/').Split('/');

    /// <summary>Whether it is the owner's and none of the vendor's API.</summary>
    internal bool IsControl => Path is ["sandbox", ..];

    /// <summary>The query.</summary>
    internal NameValueCollection Query => field ??= HttpUtility.ParseQueryString(Uri.Query);

    /// <summary>The token it bears; none if the header is missing or of another kind.</summary>
    internal string? Token =>
        Headers.TryGetValue("Authorization", out var value) && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && value["Bearer ".Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
}

/// <summary>An answer, whatever takes it back.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body; empty if there is none.</param>
public sealed record SandboxResponse(int Status, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>What the body is. JSON, though the vendor's edge has been seen to answer in HTML (observed).</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Whether the type is told though the body is empty.</summary>
    public bool SendsContentType { get; init; }

    /// <summary>Headers, their names in lower case as on the wire (observed).</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How much of it gets lost on its way.</summary>
    internal SandboxCut Cut { get; init; }

    /// <summary>The same with more headers.</summary>
    internal SandboxResponse With(params IEnumerable<(string Name, string Value)> more)
    {
        var headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in more)
            headers[name] = value;
        return this with { Headers = headers };
    }
}
