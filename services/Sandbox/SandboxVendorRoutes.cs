using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>The vendor's calls, as far as the sandbox has them; anything else is not found.</summary>
internal sealed class SandboxVendorRoutes(SandboxAccount account)
{
    public SandboxResponse Answer(SandboxRequest request, string requestId) => Route(new Call(request, requestId));

    private SandboxResponse Route(Call call) => call.Request.Path switch
    {
        ["v2", "account"] => call.On(get: () => SandboxJson.Ok(new { Account = SandboxShapes.Account(account.Settings.Owner) })),
        ["v2", "regions"] => call.On(get: () => call.List("regions", account.Settings.Regions, SandboxShapes.Region)),

        ["v2", "droplets"] => call.On(get: () => Droplets(call)),
        ["v2", "droplets", var d] when IsId(d, out var id) => call.On(get: () => OneDroplet(call, id)),
        ["v2", "droplets", var d, "snapshots"] when IsId(d, out var id) => call.On(get: () => DropletSnapshots(call, id)),
        ["v2", "droplets", var d, "actions"] when IsId(d, out var id) =>
            call.On(get: () => DropletActions(call, id), post: () => StartDropletAction(call, id)),
        ["v2", "droplets", var d, "actions", var a] when IsId(d, out var id) && IsId(a, out var actionId) =>
            call.On(get: () => DropletAction(call, id, actionId)),

        ["v2", "snapshots"] => call.On(get: () => Snapshots(call)),
        ["v2", "snapshots", var s] when IsId(s, out var id) => call.On(get: () => OneSnapshot(call, id), delete: () => Delete(call, id)),

        ["v2", "images"] => call.On(get: () => Images(call)),
        ["v2", "images", var i] when IsId(i, out var id) => call.On(get: () => OneImage(call, id)),
        ["v2", "images", var i, "actions"] when IsId(i, out var id) =>
            call.On(get: () => ImageActions(call, id), post: () => StartImageAction(call, id)),
        ["v2", "images", var i, "actions", var a] when IsId(i, out var id) && IsId(a, out var actionId) =>
            call.On(get: () => OneAction(call, account.Action(actionId), SandboxResource.Image(id))),

        ["v2", "actions"] => call.On(get: () => Actions(call)),
        ["v2", "actions", var a] when IsId(a, out var actionId) => call.On(get: () => OneAction(call, account.Action(actionId))),

        _ => call.Refuse(SandboxError.NotFound),
    };

    private SandboxResponse Droplets(Call call)
    {
        var (tag, name) = (call.Query("tag_name"), call.Query("name"));
        if (tag is not null && name is not null)
            return call.Refuse(SandboxError.Unprocessable("tag_name can not be combined with name."));
        var droplets = account.Droplets().Where(droplet =>
            (tag is null || droplet.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase))
            && (name is null || string.Equals(droplet.Name, name, StringComparison.OrdinalIgnoreCase)));
        return call.List("droplets", [.. droplets], Shape);
    }

    private SandboxResponse OneDroplet(Call call, long id) =>
        account.Droplet(id) is { } droplet ? SandboxJson.Ok(new { Droplet = Shape(droplet) }) : call.Refuse(SandboxError.NotFound);

    private SandboxResponse DropletSnapshots(Call call, long id) =>
        account.Droplet(id) is null
            ? call.Refuse(SandboxError.NotFound)
            : call.List("snapshots", account.SnapshotsOf(id), SandboxShapes.DropletSnapshot);

    private SandboxResponse DropletActions(Call call, long id) =>
        account.Droplet(id) is null ? call.Refuse(SandboxError.NotFound) : Actions(call, SandboxResource.Droplet(id));

    private SandboxResponse DropletAction(Call call, long id, long actionId) =>
        account.Droplet(id) is not null && account.Action(actionId) is { ResourceType: "droplet" } action && action.ResourceId == id
            ? SandboxJson.Ok(new { Action = SandboxShapes.ActionByDroplet(action, account.Settings) })
            : call.Refuse(SandboxError.NotFound);

    private SandboxResponse StartDropletAction(Call call, long id) =>
        SandboxJson.TryRead<DropletActionBody>(call.Request, SandboxJson.Vendor, out var body, out var error)
            ? Started(call, account.StartDropletAction(id, body.Type, body.Name))
            : call.Refuse(error);

    /// <summary>Of the snapshots there are only those of droplets: the account has no volumes.</summary>
    private SandboxResponse Snapshots(Call call) => call.Query("resource_type") switch
    {
        null or "droplet" =>
            call.List("snapshots", [.. account.Images().Where(image => image.Type == SandboxImageType.Snapshot)], SandboxShapes.Snapshot),
        "volume" => call.List<SandboxImage>("snapshots", [], SandboxShapes.Snapshot),
        _ => call.Refuse(SandboxError.Unprocessable("resource_type must be droplet or volume.")),
    };

    private SandboxResponse OneSnapshot(Call call, long id) => account.Image(id) switch
    {
        null => call.Refuse(SandboxError.NotFound),
        { Type: SandboxImageType.Snapshot } image => SandboxJson.Ok(new { Snapshot = SandboxShapes.Snapshot(image) }),
        _ => call.Refuse(SandboxError.NotASnapshot),
    };

    private SandboxResponse Delete(Call call, long id) =>
        account.DeleteSnapshot(id, by: $"DELETE {call.Request.Uri.AbsolutePath}") is { } error ? call.Refuse(error) : new SandboxResponse(204);

    /// <summary>Private images of all kinds, with and without <c>private=true</c>: the account knows no public ones.</summary>
    private SandboxResponse Images(Call call) =>
        call.List("images", call.Query("type") is null ? account.Images() : [], SandboxShapes.Image);

    private SandboxResponse OneImage(Call call, long id) =>
        account.Image(id) is { } image ? SandboxJson.Ok(new { Image = SandboxShapes.Image(image) }) : call.Refuse(SandboxError.NotFound);

    private SandboxResponse ImageActions(Call call, long id) =>
        account.Image(id) is null ? call.Refuse(SandboxError.NotFound) : Actions(call, SandboxResource.Image(id));

    private SandboxResponse StartImageAction(Call call, long id)
    {
        if (!SandboxJson.TryRead<ImageActionBody>(call.Request, SandboxJson.Vendor, out var body, out var error))
            return call.Refuse(error);
        return body.Type switch
        {
            "transfer" => Started(call, account.StartTransfer(id, body.Region)),
            null => call.Refuse(SandboxError.NoActionType),
            _ when account.Image(id) is null => call.Refuse(SandboxError.NotFound),
            _ => call.Refuse(SandboxError.Unprocessable($"The action type '{body.Type}' is not available.")),
        };
    }

    private SandboxResponse Actions(Call call, SandboxResource? resource = null)
    {
        if (!SandboxPage.TryRead(call.Request, out var page, out var error))
            return call.Refuse(error);
        var (actions, total) = account.Actions(page.Skip, page.Size, resource);
        return call.Page("actions", page, actions, total, action => SandboxShapes.Action(action, account.Settings));
    }

    /// <summary>An action by its own address or by its image's, which is gone when the image is.</summary>
    private SandboxResponse OneAction(Call call, SandboxAction? action, SandboxResource? of = null) =>
        action is null || (of is { } resource && (new SandboxResource(action.ResourceType, action.ResourceId) != resource || account.Image(resource.Id) is null))
            ? call.Refuse(SandboxError.NotFound)
            : SandboxJson.Ok(new { Action = SandboxShapes.Action(action, account.Settings) });

    private SandboxResponse Started(Call call, SandboxResult<SandboxAction> result) =>
        result.Value is { } action
            ? SandboxJson.Ok(new { Action = SandboxShapes.Action(action, account.Settings) }, status: 201)
            : call.Refuse(result.Error!);

    private object Shape(SandboxDroplet droplet) => SandboxShapes.Droplet(droplet, account.SnapshotsOf(droplet.Id), account.Settings);

    internal static bool IsId(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    private sealed record DropletActionBody(string? Type = null, string? Name = null);

    private sealed record ImageActionBody(string? Type = null, string? Region = null);

    /// <summary>One request on its way through the routes.</summary>
    private sealed record Call(SandboxRequest Request, string RequestId)
    {
        public string? Query(string name) => Request.Query[name];

        public SandboxResponse Refuse(SandboxError error) => SandboxJson.Refusal(error, RequestId);

        public SandboxResponse On(Func<SandboxResponse> get, Func<SandboxResponse>? post = null, Func<SandboxResponse>? delete = null)
        {
            var answer = Request.Method switch { "GET" => get, "POST" => post, "DELETE" => delete, _ => null };
            return answer is null ? Refuse(SandboxError.MethodNotAllowed) : answer();
        }

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
    }
}
