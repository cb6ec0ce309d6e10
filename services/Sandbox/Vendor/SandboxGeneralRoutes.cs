namespace DoSnapshot.Sandbox;

/// <summary>The account, the regions, and actions of every kind.</summary>
internal sealed class SandboxGeneralRoutes(SandboxAccount account)
{
    public IReadOnlyList<SandboxRoute> All =>
    [
        new("GET", "/v2/account", "account:read", Account),
        new("GET", "/v2/regions", "regions:read", call => call.List("regions", account.Settings.Regions, region => call.Fragments.Of("region", region, account.Settings, call.Grant, one => SandboxShapes.Region(one, call.Grant)))),
        new("GET", "/v2/actions", "actions:read", call => Actions(account, call)),
        new("GET", "/v2/actions/{action_id}", "actions:read", (call, id) => One(account, call, account.Action(id))),
    ];

    /// <summary>A page of actions, newest first.</summary>
    public static SandboxResponse Actions(SandboxAccount account, SandboxVendorCall call, SandboxResource? resource = null)
    {
        if (!SandboxPage.TryRead(call.Request, out var page, out var error))
            return call.Refuse(error);
        var (actions, total) = account.Actions(page.Skip, page.Size, resource);
        return call.Page("actions", page, actions, total, action => call.Action(action, account.Settings));
    }

    /// <summary>One action, if it is there.</summary>
    public static SandboxResponse One(SandboxAccount account, SandboxVendorCall call, SandboxAction? action) =>
        action is null
            ? call.Refuse(SandboxError.NotFound)
            : SandboxJson.Ok(new { Action = call.Action(action, account.Settings) });

    /// <summary>An action that was started, or why it was not.</summary>
    public static SandboxResponse Started(SandboxAccount account, SandboxVendorCall call, SandboxResult<SandboxAction> result) =>
        result.Value is { } action
            ? SandboxJson.Ok(new { Action = call.Action(action, account.Settings) }, status: 201)
            : call.Refuse(result.Error!);

    private SandboxResponse Account(SandboxVendorCall call) =>
        SandboxJson.Ok(new { Account = SandboxShapes.Account(account.Settings.Owner, call.Grant) });
}
