namespace DoSnapshot.Sandbox;

/// <summary>Images and what is done to them.</summary>
internal sealed class SandboxImageRoutes(SandboxAccount account)
{
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/images", "image:read", List),
        new("POST", "/v2/images", "image:create", call => call.With<NewCustomImage>(image => Import(call, image))),
        new("GET", "/v2/images/{image_id}", "image:read", One),
        new("PUT", "/v2/images/{image_id}", "image:update", (call, id) => call.With<ImageUpdate>(update => Update(call, id, update))),
        new("DELETE", "/v2/images/{image_id}", "image:delete", (call, id) => call.Done(account.DeleteImage(id, by: $"DELETE {call.Request.Uri.AbsolutePath}"))),
        new("GET", "/v2/images/{image_id}/actions", "image:read", Actions),
        new("POST", "/v2/images/{image_id}/actions", "image:update", (call, id) => call.With<ImageAction>(action => Start(call, id, action))),
        new("GET", "/v2/images/{image_id}/actions/{action_id}", "image:read", OneAction),
    ];

    /// <summary>
    /// Public ones and the account's own of all kinds; the query's <c>type</c> is another thing than an image's (documented), and a tag is on one's own only.
    /// </summary>
    private SandboxResponse List(SandboxVendorCall call)
    {
        var (type, isPrivate, tag) = (call.Query("type"), call.Query("private"), call.Query("tag_name"));
        if (type is not (null or "distribution" or "application"))
            return call.Refuse(SandboxError.Unprocessable("type must be application or distribution."));
        if (tag is not null && !call.Grant.Allows("tag:read"))
            return call.Refuse(SandboxError.MissingScope);

        var isOwn = string.Equals(isPrivate, "true", StringComparison.OrdinalIgnoreCase) || tag is not null;
        IEnumerable<SandboxImage> images = (type, isOwn) switch
        {
            (null, true) => account.Images(),
            (null, false) => [.. SandboxCatalog.PublicImages, .. account.Images()],
            ("distribution", false) => SandboxCatalog.Distributions,
            ("application", false) => SandboxCatalog.Applications,
            _ => [],
        };
        return call.List("images", [.. images.Where(image => tag is null || SandboxAccount.HasTag(image.Tags, tag))], image => Shape(image, call));
    }

    private SandboxResponse Import(SandboxVendorCall call, NewCustomImage image) =>
        image.Tags is { Count: > 0 } && !call.Grant.Allows("tag:create")
            ? call.Refuse(SandboxError.MissingScope)
            : Told(call, account.ImportImage(image), status: 202);

    /// <summary>Public ones by number or slug, one's own by number (documented).</summary>
    private SandboxResponse One(SandboxVendorCall call)
    {
        var identifier = call.Values[0];
        var image = SandboxCatalog.PublicImage(identifier) ?? (SandboxVendorCall.TryId(identifier, out var id) ? account.Image(id) : null);
        return image is null ? call.Refuse(SandboxError.NotFound) : SandboxJson.Ok(new { Image = Shape(image, call) });
    }

    private SandboxResponse Update(SandboxVendorCall call, long id, ImageUpdate update) =>
        Told(call, account.UpdateImage(id, update.Name, update.Description, update.Distribution), status: 200);

    private SandboxResponse Actions(SandboxVendorCall call, long id) =>
        account.Image(id) is null ? call.Refuse(SandboxError.NotFound) : SandboxGeneralRoutes.Actions(account, call, SandboxResource.Image(id));

    private SandboxResponse Start(SandboxVendorCall call, long id, ImageAction action) => action.Type switch
    {
        "transfer" => SandboxGeneralRoutes.Started(account, call, account.StartTransfer(id, action.Region)),
        "convert" => SandboxGeneralRoutes.Started(account, call, account.StartConversion(id)),
        null => call.Refuse(SandboxError.NoActionType),
        _ when account.Image(id) is null => call.Refuse(SandboxError.NotFound),
        _ => call.Refuse(SandboxError.Unprocessable($"The action type '{action.Type}' is not available.")),
    };

    /// <summary>An action by way of its image is gone when the image is.</summary>
    private SandboxResponse OneAction(SandboxVendorCall call, long id)
    {
        var action = SandboxVendorCall.TryId(call.Values[1], out var actionId) && account.Image(id) is not null ? account.Action(actionId) : null;
        var isOfImage = action is { ResourceType: "image" } && action.ResourceId == id;
        return SandboxGeneralRoutes.One(account, call, isOfImage ? action : null);
    }

    private static SandboxResponse Told(SandboxVendorCall call, SandboxResult<SandboxImage> result, int status) =>
        result.Value is { } image ? SandboxJson.Ok(new { Image = Shape(image, call) }, status) : call.Refuse(result.Error!);

    private static object Shape(SandboxImage image, SandboxVendorCall call) => SandboxShapes.Image(image, call.Grant);

    private sealed record ImageUpdate(string? Name = null, string? Description = null, string? Distribution = null);

    private sealed record ImageAction(string? Type = null, string? Region = null);
}
