namespace DoSnapshot.Sandbox;

/// <summary>Tags, and putting them on droplets and images.</summary>
internal sealed class SandboxTagRoutes(SandboxAccount account)
{
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/tags", "tag:read", call => call.List("tags", account.Tags(), tag => Shape(tag, call))),
        new("POST", "/v2/tags", "tag:create", call => call.With<NewTag>(tag => Add(call, tag))),
        new("GET", "/v2/tags/{tag_id}", "tag:read", One),
        new("DELETE", "/v2/tags/{tag_id}", "tag:delete", call => call.Done(account.DeleteTag(call.Values[0]) ? null : SandboxError.NotFound)),
        new("POST", "/v2/tags/{tag_id}/resources", "tag:create", call => call.With<Resources>(body => Set(call, body, tagged: true))),
        new("DELETE", "/v2/tags/{tag_id}/resources", "tag:delete", call => call.With<Resources>(body => Set(call, body, tagged: false))),
    ];

    private SandboxResponse One(SandboxVendorCall call) =>
        account.Tag(call.Values[0]) is { } tag ? SandboxJson.Ok(new { Tag = Shape(tag, call) }) : call.Refuse(SandboxError.NotFound);

    /// <summary>A name that is none is refused in a form that only this call has (documented).</summary>
    private SandboxResponse Add(SandboxVendorCall call, NewTag body)
    {
        if (account.AddTag(body.Name ?? "").Value is { } tag)
            return SandboxJson.Ok(new { Tag = Shape(tag, call) }, status: 201);
        var error = $"Error validating resource tag: \"tag-name \\\"{body.Name}\\\" contains invalid characters\"";
        return SandboxJson.Ok(
            new { Error = error, Messages = (string[]?)null, RootCauses = new[] { $"rpc error: code = InvalidArgument desc = {error}" } }, status: 400);
    }

    /// <summary>The number of what is tagged is a string here (documented). What the sandbox has none of is not found.</summary>
    private SandboxResponse Set(SandboxVendorCall call, Resources body, bool tagged)
    {
        if (body.All is not { } resources)
            return call.Refuse(SandboxError.Unprocessable("resources is missing."));
        if (resources.Any(resource => resource?.ResourceType is not ("droplet" or "image" or "volume" or "volume_snapshot" or "database")))
            return call.Refuse(SandboxError.Unprocessable("resource_type must be droplet, image, volume, volume_snapshot or database."));
        if (!call.Grant.Allows(resources.Select(resource => $"{ScopeNameOf(resource!.ResourceType!)}:update")))
            return call.Refuse(SandboxError.MissingScope);
        return call.Done(account.SetTag(
            call.Values[0],
            [.. resources.Select(resource => new SandboxTagged(resource!.ResourceType!, resource.ResourceId ?? ""))],
            tagged));
    }

    private static string ScopeNameOf(string resourceType) => resourceType switch
    {
        "volume" => "block_storage",
        "volume_snapshot" => "block_storage_snapshot",
        _ => resourceType,
    };

    private object Shape(SandboxTag tag, SandboxVendorCall call) => SandboxShapes.Tag(tag, account.BearersOf(tag.Name), call);

    private sealed record NewTag(string? Name = null);

    private sealed record Resource(string? ResourceId = null, string? ResourceType = null);

    private sealed record Resources(
        [property: System.Text.Json.Serialization.JsonPropertyName("resources")] IReadOnlyList<Resource?>? All = null);
}
