using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.Dashboard.Studio;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Retention;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>A policy as it is being written, and what it gives.</summary>
public sealed partial class Policy
{
    private static readonly (string Name, int Days)[] Lengths = [("a month", 30), ("half a year", 182), ("a year", 365), ("two years", 730)];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<ListOrder<OtherSnapshotShape>> OtherOrders =
        [new("as it is told"), new("droplet", s => s.DropletName ?? ""), new("made", s => s.CreatedAt), new("what becomes of it", s => Fate(s.Other))];

    private static readonly IReadOnlyList<ListOrder<WhatGoesSnapshotShape>> GoesOrders =
        [new("when it goes", s => s.GoesAt), new("droplet", s => s.DropletName), new("made", s => s.CreatedAt), new("rule", s => s.Rule), new("size", s => s.SizeGigabytes)];

    private IReadOnlyList<PlanShape>? plans;
    private string? plan;
    private string? every = "1d";
    private string? keep = "1d:1w 1w:1m 1m:6m";
    private int days = 365;
    private PolicyDraft draft = PolicyDraft.Read("1d", "1d:1w 1w:1m 1m:6m");
    private FromNothing? fromNothing;
    private WhatIfShape? whatIf;
    private List<OtherSnapshotShape> otherwise = [];
    private WhatGoesShape? goes;
    private string? saved;
    private string? trouble;
    private bool isAsking;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Look(days);
        return AskPlansAsync();
    }

    /// <inheritdoc/>
    protected override Task HeardAsync() =>
        // What could not be had is asked for again when the API is back.
        plans is null && !isAsking && State.Trouble is null ? AskPlansAsync() : Task.CompletedTask;

    /// <summary>What the plan says, where it is one that there is.</summary>
    private PlanShape? Says => plans?.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal));

    private bool CanTry => !isAsking && draft.IsWhole && plan is not null;

    /// <summary>Whether it differs from what the plan says.</summary>
    private bool IsOther => Says is { } says
        && !(RetentionPolicy.Parse(says.Keep).Equals(draft.Policy) && Period.Parse(says.Every).Duration == draft.Every?.Duration);

    private static WhatGoesSideShape[] Sides(WhatGoesShape found) => [found.Now.Live, found.Now.Tried, found.Later.Live, found.Later.Tried];

    private static string Gap(GapShape? gap) => gap is null ? "none" : $"{Moments.Span(TimeSpan.FromSeconds(gap.Seconds))}, {gap.DropletName}";

    private static string Fate(FateShape fate) => fate.Kind switch
    {
        "exists" => "is there",
        "neverMade" => "never made",
        _ => $"{fate.Kind}{(fate.Rule is { } rule ? $" by {rule}" : "")}",
    };

    private async Task AskPlansAsync(bool keepsTrouble = false)
    {
        var before = trouble;
        await AskAsync(AskPlansAtOnceAsync);
        trouble ??= keepsTrouble ? before : null;
    }

    private async Task AskPlansAtOnceAsync()
    {
        plans = (await Session.Client.PlansAsync(Leaving)).Plans;
        if (plan is null && plans is [var first, ..])
        {
            Take(first.Name);
        }
    }

    /// <summary>Begins with what a plan says.</summary>
    private void Take(string? name)
    {
        plan = name;
        if (Says is { } says)
        {
            Write(says.Every, string.Join('\n', says.Keep));
        }
    }

    private void Write(string? newEvery, string? newKeep)
    {
        (every, keep, whatIf, goes, saved) = (newEvery, newKeep, null, null, null);
        draft = PolicyDraft.Read(every, keep);
        Look(days);
    }

    private void Look(int length)
    {
        days = length;
        fromNothing = draft is { Every: { } often, Policy: { } policy } ? Preview.Play(often, policy, days, Start) : null;
    }

    private string Options() => string.Join(' ', ["-s", $"{draft.Every}", .. draft.Rules.Select(r => $"-k {r}")]);

    private Task AskHistoryAsync() => AskAsync(async () =>
    {
        whatIf = await Session.Client.WhatIfAsync(draft.Rules, draft.Every?.ToString(), plan, null, Leaving);
        otherwise = [.. whatIf.Today.Where(s => s.Differs)];
    });

    private Task AskNowAsync() => AskAsync(async () =>
        goes = await Session.Client.WhatGoesAsync(plan!, draft.Rules, draft.Every?.ToString(), Settings.Price, Leaving));

    /// <summary>Saves it, by what it lets go at this moment and not by what was looked at some time ago.</summary>
    private async Task SaveAsync()
    {
        saved = null;
        var (name, basis, often, rules) = (plan!, Says!.Version, draft.Every!.Value.ToString(), draft.Rules);
        await AskNowAsync();
        if (goes is not { } shown || trouble is not null)
        {
            return;
        }

        if (shown.Version != basis)
        {
            trouble = $"Plan '{name}' is version {shown.Version} by now, and this began with version {basis}. Look at what it says now: what is written here is kept.";
            await AskPlansAsync(keepsTrouble: true);
            return;
        }

        if (await Acts.RunAsync(Session, Act.SavePolicy(shown, often, rules)))
        {
            saved = $"Saved: version {basis + 1} of plan '{name}' is in force. {Next(shown)}";
            await AskPlansAsync();
        }
    }

    private static string Next(WhatGoesShape shown) => shown switch
    {
        { Now.HeldByBrake: > 0 } => $"At the planner's next decision the brake comes on and holds what would go; once that was looked at, an operator releases it on the overview, or by 'do-snapshot release-brake {shown.Plan}'.",
        { Now.Tried.Snapshots: > 0 } => $"The planner lets {Moments.Count(shown.Now.Tried.Snapshots, "snapshot")} go at its next decision, and they are deleted within minutes. A pin holds one.",
        _ => "The planner goes by it from its next decision on.",
    };

    private async Task AskAsync(Func<Task> ask)
    {
        (isAsking, trouble) = (true, null);
        try
        {
            await ask();
        }
        catch (ApiTroubleException e)
        {
            trouble = e.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
        finally
        {
            isAsking = false;
        }
    }
}
