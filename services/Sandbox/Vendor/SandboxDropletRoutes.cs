namespace DoSnapshot.Sandbox;

/// <summary>Droplets, what is done to them, and their snapshots.</summary>
internal sealed class SandboxDropletRoutes(SandboxAccount account)
{
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/droplets", "droplet:read", List),
        new("POST", "/v2/droplets", "droplet:create", call => call.With<DropletOrder>(order => Create(call, order))),
        new("DELETE", "/v2/droplets", "droplet:delete", DestroyTagged),
        new("POST", "/v2/droplets/actions", "droplet:update", call => call.With<SandboxDropletCommand>(command => StartTagged(call, command))),
        new("GET", "/v2/droplets/{droplet_id}", "droplet:read", One),
        new("DELETE", "/v2/droplets/{droplet_id}", "droplet:delete", (call, id) => account.DestroyDroplet(id) ? Gone : NotFound(call)),
        new("GET", "/v2/droplets/{droplet_id}/snapshots", "droplet:read", Snapshots),
        new("GET", "/v2/droplets/{droplet_id}/actions", "droplet:read", Actions),
        new("POST", "/v2/droplets/{droplet_id}/actions", "droplet:update", (call, id) => call.With<SandboxDropletCommand>(command => Start(call, id, command))),
        new("GET", "/v2/droplets/{droplet_id}/actions/{action_id}", "droplet:read", OneAction),
    ];

    /// <summary>The vendor describes this one as empty and of a type all the same.</summary>
    private static SandboxResponse Gone { get; } = new(204) { SendsContentType = true };

    /// <summary>No droplet here has a GPU, and those that have are in a list of their own (documented).</summary>
    private SandboxResponse List(SandboxVendorCall call)
    {
        var (tag, name, type) = (call.Query("tag_name"), call.Query("name"), call.Query("type"));
        if (tag is not null && (name ?? type) is not null)
            return call.Refuse(SandboxError.Unprocessable("tag_name can not be combined with name or type."));
        if (type is not (null or "droplets" or "gpus"))
            return call.Refuse(SandboxError.Unprocessable("type must be droplets or gpus."));
        if (tag is not null && !call.Grant.Allows("tag:read"))
            return call.Refuse(SandboxError.MissingScope);

        var droplets = account.Droplets().Where(droplet =>
            type is not "gpus"
            && (tag is null || SandboxAccount.HasTag(droplet.Tags, tag))
            && (name is null || string.Equals(droplet.Name, name, StringComparison.OrdinalIgnoreCase)));
        return call.List("droplets", [.. droplets], droplet => Shape(droplet, call));
    }

    private SandboxResponse One(SandboxVendorCall call, long id) =>
        account.Droplet(id) is { } droplet ? SandboxJson.Ok(new { Droplet = Shape(droplet, call) }) : NotFound(call);

    private SandboxResponse Create(SandboxVendorCall call, DropletOrder order)
    {
        if (!call.Grant.Allows(["image:read", .. order.Tags is { Count: > 0 } ? ["tag:create"] : Array.Empty<string>()]))
            return call.Refuse(SandboxError.MissingScope);
        var result = account.CreateDroplets(order);
        if (result.Value is not { } actions)
            return call.Refuse(result.Error!);

        var links = new { Actions = actions.Select(action => new { action.Id, Rel = "create", Href = call.AddressOf($"/v2/actions/{action.Id}") }) };
        var droplets = actions.Select(action => Shape(account.Droplet(action.ResourceId)!, call)).ToArray();
        return order.Names is null
            ? SandboxJson.Ok(new { Droplet = droplets[0], Links = links }, status: 202)
            : SandboxJson.Ok(new { Droplets = droplets, Links = links }, status: 202);
    }

    /// <summary>Without the name of a tag nothing is destroyed; the vendor calls it required.</summary>
    private SandboxResponse DestroyTagged(SandboxVendorCall call)
    {
        if (call.Query("tag_name") is not { Length: > 0 } tag)
            return call.Refuse(SandboxError.Unprocessable("tag_name is missing."));
        if (!call.Grant.Allows("tag:read"))
            return call.Refuse(SandboxError.MissingScope);
        return account.DestroyDroplets(tag) ? Gone : NotFound(call);
    }

    private SandboxResponse Snapshots(SandboxVendorCall call, long id) =>
        account.Droplet(id) is null ? NotFound(call) : call.List(
            "snapshots",
            account.SnapshotsOf(id),
            snapshot => call.Fragments.Of("droplet's snapshot", snapshot, account.Settings, call.Grant, SandboxShapes.DropletSnapshot));

    private SandboxResponse Actions(SandboxVendorCall call, long id) =>
        account.Droplet(id) is null ? NotFound(call) : SandboxGeneralRoutes.Actions(account, call, SandboxResource.Droplet(id));

    private SandboxResponse OneAction(SandboxVendorCall call, long id) =>
        SandboxVendorCall.TryId(call.Values[1], out var actionId)
            && account.Droplet(id) is not null && account.Action(actionId) is { ResourceType: "droplet" } action && action.ResourceId == id
            ? SandboxJson.Ok(new { Action = SandboxShapes.ActionByDroplet(action, account.Settings, call.Grant) })
            : NotFound(call);

    private SandboxResponse Start(SandboxVendorCall call, long id, SandboxDropletCommand command) =>
        call.Grant.Allows(ScopesFor(command))
            ? SandboxGeneralRoutes.Started(account, call, account.StartDropletAction(id, command))
            : call.Refuse(SandboxError.MissingScope);

    private SandboxResponse StartTagged(SandboxVendorCall call, SandboxDropletCommand command)
    {
        if (!call.Grant.Allows([.. ScopesFor(command), "tag:read"]))
            return call.Refuse(SandboxError.MissingScope);
        if (call.Query("tag_name") is not { Length: > 0 } tag)
            return call.Refuse(SandboxError.Unprocessable("tag_name is missing."));
        var result = account.StartDropletActions(tag, command);
        return result.Value is { } actions
            ? SandboxJson.Ok(new { Actions = actions.Select(action => SandboxShapes.Action(action, account.Settings, call.Grant)) }, status: 201)
            : call.Refuse(result.Error!);
    }

    /// <summary>What some types of action ask for besides (documented in prose).</summary>
    private static string[] ScopesFor(SandboxDropletCommand command) => command.Type switch
    {
        "snapshot" => ["image:create"],
        "resize" => ["droplet:create"],
        "restore" or "rebuild" or "password_reset" => ["droplet:admin"],
        _ => [],
    };

    private object Shape(SandboxDroplet droplet, SandboxVendorCall call) => SandboxShapes.Droplet(droplet, account, call.Grant, call.Fragments);

    private static SandboxResponse NotFound(SandboxVendorCall call) => call.Refuse(SandboxError.NotFound);
}
