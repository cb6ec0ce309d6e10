using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>One request on its way through the routes.</summary>
/// <param name="Request">The request.</param>
/// <param name="RequestId">Its number.</param>
/// <param name="Grant">What its token may do and see.</param>
/// <param name="Values">What stands in the path where the route has braces.</param>
/// <param name="Fragments">What was written already.</param>
internal sealed record SandboxVendorCall(SandboxRequest Request, string RequestId, SandboxGrant Grant, string[] Values, SandboxFragments Fragments)
{
    /// <summary>A number as addresses have it: digits and nothing else.</summary>
    public static bool TryId(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    public string? Query(string name) => Request.Query[name];

    public SandboxResponse Refuse(SandboxError error) => SandboxJson.Refusal(error, RequestId);

    /// <summary>Nothing to say but that it was done, or why not.</summary>
    public SandboxResponse Done(SandboxError? error) => error is null ? new SandboxResponse(204) : Refuse(error);

    /// <summary>Reads the body and answers it, or says what is wrong with it.</summary>
    public SandboxResponse With<T>(Func<T, SandboxResponse> answer)
        where T : class =>
        SandboxJson.TryRead<T>(Request, SandboxJson.Vendor, out var body, out var error) ? answer(body) : Refuse(error);

    public SandboxResponse List<T>(string key, IReadOnlyList<T> all, Func<T, object> shape) =>
        SandboxPage.TryRead(Request, out var page, out var error)
            ? Page(key, page, page.Of(all), all.Count, shape)
            : Refuse(error);

    public SandboxResponse Page<T>(string key, SandboxPage page, IReadOnlyList<T> items, int total, Func<T, object> shape) =>
        SandboxJson.Ok(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [key] = items.Select(shape).ToArray(),
            ["links"] = page.Links(Request, total),
            ["meta"] = new { total },
        });

    /// <summary>An action as it is shown.</summary>
    public SandboxFragment Action(SandboxAction action, SandboxSettings settings) =>
        Fragments.Of("action", action, settings, Grant, one => SandboxShapes.Action(one, settings, Grant));

    /// <summary>The absolute address of a path of the API, as the client would write it.</summary>
    public string AddressOf(string path) => $"{Request.Uri.GetLeftPart(UriPartial.Authority)}{path}";
}
