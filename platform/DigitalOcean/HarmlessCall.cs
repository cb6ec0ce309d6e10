using System.Globalization;

namespace DoSnapshot.DigitalOcean;

/// <summary>
/// A call that asks for a change of something that there cannot be: whether it is answered 403 or 404 tells whether the token may change such things.
/// There are these and no others, so that nobody can aim one.
/// </summary>
/// <remarks>
/// The id is the largest that 64 bits hold. Ids are given out upwards, and the largest, those of actions, are in the thousands of millions (observed), so
/// that it can be nobody's. Cut down to 32 bits it becomes -1, and read as a floating-point number it grows: neither is an id.
/// Zero would not do: to a program behind the API it may mean that no id was said. Should something have the id all the same, what is asked for
/// is refused or does nothing: a transfer goes to a region that there is not, and <see cref="ApiQuestions.TryAsync"/> looks first and does not send
/// a call unless the thing is answered 404.
/// </remarks>
public sealed class HarmlessCall
{
    /// <summary>An id that nothing has.</summary>
    public const long NoId = long.MaxValue;

    /// <summary>A region that there is not.</summary>
    private const string NoRegion = "none0";

    private HarmlessCall(HttpMethod method, string thing, string below, object? body = null)
    {
        Method = method;
        Thing = string.Create(CultureInfo.InvariantCulture, $"/v2/{thing}/{NoId}");
        Path = Thing + below;
        Body = body;
    }

    /// <summary>A snapshot of no droplet: needs droplet:update and image:create.</summary>
    public static HarmlessCall Snapshot { get; } = new(HttpMethod.Post, "droplets", "/actions", new { type = "snapshot", name = "do-snapshot-doctor" });

    /// <summary>No droplet is switched on: needs droplet:update alone.</summary>
    public static HarmlessCall PowerOn { get; } = new(HttpMethod.Post, "droplets", "/actions", new { type = "power_on" });

    /// <summary>No image is copied to no region: needs image:update.</summary>
    public static HarmlessCall Transfer { get; } = new(HttpMethod.Post, "images", "/actions", new { type = "transfer", region = NoRegion });

    /// <summary>No snapshot is deleted: needs image:delete and snapshot:delete.</summary>
    public static HarmlessCall DeleteSnapshot { get; } = new(HttpMethod.Delete, "snapshots", "");

    /// <summary>No image is deleted: needs image:delete alone.</summary>
    public static HarmlessCall DeleteImage { get; } = new(HttpMethod.Delete, "images", "");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HarmlessCall> All { get; } = [Snapshot, PowerOn, Transfer, DeleteSnapshot, DeleteImage];

    /// <summary>POST or DELETE.</summary>
    public HttpMethod Method { get; }

    /// <summary>The path that it is sent to.</summary>
    public string Path { get; }

    /// <summary>The path at which the thing would be read, if there were one.</summary>
    public string Thing { get; }

    /// <summary>What is asked for; null for a DELETE.</summary>
    internal object? Body { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}
