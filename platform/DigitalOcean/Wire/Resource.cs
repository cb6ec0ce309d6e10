using System.Text.Json;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>
/// Turns the API's objects into ours. What nothing can be done without is an <see cref="UnreadableAnswerException"/> when missing:
/// a snapshot without its creation time, say, must not be taken for an old one. All else may be absent, as narrow token scopes hide members
/// that are described as required (documented).
/// </summary>
internal static class Resource
{
    /// <summary>Whose the droplets are: the team, where the token was made in one, and else the user (documented).</summary>
    internal static Account Account(JsonElement json) => new(
        json.Member("team")?.Text("uuid") ?? json.Text("uuid") ?? throw Lacks("account", "uuid"), json.Text("email"));

    internal static Region Region(JsonElement json) => new(
        json.Text("slug") ?? throw Lacks("region", "slug"),
        json.Text("name"),
        json.Flag("available") ?? false,
        json.Texts("features"));

    internal static Droplet Droplet(JsonElement json) => new(
        json.Id("id") ?? throw Lacks("droplet", "id"),
        json.Text("name") ?? throw Lacks("droplet", "name"),
        json.Text("status") ?? "unknown",
        json.Slug("region"),
        json.Texts("tags"),
        json.Time("created_at"));

    /// <summary>Null for what is no droplet snapshot: a volume's, or a backup.</summary>
    /// <param name="json">The snapshot.</param>
    /// <param name="dropletId">Where it was listed under its droplet, which it does not name then (documented).</param>
    internal static DropletSnapshot? Snapshot(JsonElement json, long? dropletId = null)
    {
        var id = json.Id("id");
        var ofVolume = json.Text("resource_type") is "volume" || (id is null && json.Text("id") is not null);
        if (ofVolume || json.Text("type") is "backup")
            return null;
        return new DropletSnapshot(
            id ?? throw Lacks("snapshot", "id"),
            json.Text("name") ?? throw Lacks("snapshot", "name"),
            json.Id("resource_id") ?? dropletId,
            json.Time("created_at") ?? throw Lacks("snapshot", "created_at"),
            json.Amount("size_gigabytes") ?? 0,
            json.Texts("regions"));
    }

    internal static CloudAction Action(JsonElement json) => new(
        json.Id("id") ?? throw Lacks("action", "id"),
        json.Text("status") switch
        {
            "in-progress" => CloudActionStatus.InProgress,
            "completed" => CloudActionStatus.Completed,
            "errored" => CloudActionStatus.Errored,
            _ => CloudActionStatus.Unknown,
        },
        json.Text("type") ?? "unknown",
        json.Time("started_at"),
        json.Time("completed_at"),
        json.Id("resource_id"),
        json.Text("resource_type"),
        json.Text("region_slug") ?? json.Slug("region"));

    private static UnreadableAnswerException Lacks(string what, string member) => new($"the {what} has no {member} that can be read");
}

/// <summary>A body that is not what the API describes: no JSON, cut short, or without what matters.</summary>
internal sealed class UnreadableAnswerException(string message) : Exception(message);
