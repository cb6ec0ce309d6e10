using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.Dashboard.Studio;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Retention;
using Microsoft.AspNetCore.Components;

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

    /// <summary>What the plan said that the text began with; null before there is one.</summary>
    private PlanShape? begun;

    /// <summary>What the plan says by now, where that is another version: nothing is saved over it unseen.</summary>
    private PlanShape? newer;

    private ElementReference newerBanner;
    private bool showsNewer;
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

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (showsNewer && newer is not null)
        {
            showsNewer = false;
            await newerBanner.FocusAsync();
        }
    }

    /// <summary>What the plan says, where it is one that there is.</summary>
    private PlanShape? Says => plans?.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal));

    private bool CanTry => !isAsking && draft.IsWhole && plan is not null;

    private bool CanSave => CanTry && IsOther && newer is null;

    /// <summary>Whether it differs from what the plan said that it began with.</summary>
    private bool IsOther => begun is { } says
        && !(RetentionPolicy.Parse(says.Keep).Equals(draft.Policy) && Period.Parse(says.Every).Duration == draft.Every?.Duration);

    private static WhatGoesSideShape[] Sides(WhatGoesShape found) => [found.Now.Live, found.Now.Tried, found.Later.Live, found.Later.Tried];

    private static string Gap(GapShape? gap) => gap is null ? "none" : $"{Moments.Span(TimeSpan.FromSeconds(gap.Seconds))}, {gap.DropletName}";

    private static string Fate(FateShape fate) => fate.Kind switch
    {
        "exists" => "is there",
        "neverMade" => "never made",
        _ => $"{fate.Kind}{(fate.Rule is { } rule ? $" by {rule}" : "")}",
    };

    /// <summary>Of those that were not made alike: some that there are would not be, and others would be in their stead.</summary>
    private static string Made(WhatIfShape result) =>
        (result.NeverMade > 0 ? $"; {result.NeverMade} would never have been made" : "")
        + (result.Invented > 0 ? $"; {Moments.Count(result.Invented, "other")} would have been made that {(result.Invented == 1 ? "was" : "were")} not" : "");

    private Task AskPlansAsync() => AskAsync(async () =>
    {
        plans = (await Session.Client.PlansAsync(Leaving)).Plans;
        if (plan is null && plans is [var first, ..])
        {
            Take(first.Name);
        }
    });

    /// <summary>Begins with what a plan says.</summary>
    private void Take(string? name)
    {
        (plan, newer) = (name, null);
        begun = Says;
        if (begun is { } says)
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

    /// <summary>What is written is to stand in the place of the newer version, which its writer has seen now.</summary>
    private void GoOn() => (begun, newer) = (newer, null);

    /// <summary>Whether the plan says something else by now than what the text began with: whoever writes it chooses which of them holds.</summary>
    private bool IsOvertaken()
    {
        if (Says is not { } now || now.Version == begun?.Version)
        {
            return false;
        }

        (newer, showsNewer) = (now, true);
        return true;
    }

    private string Options() => OptionsOf($"{draft.Every}", draft.Rules);

    private static string OptionsOf(string often, IEnumerable<string> rules) => string.Join(' ', ["-s", often, .. rules.Select(r => $"-k {r}")]);

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
        var (name, basis, often, rules) = (plan!, begun!, draft.Every!.Value.ToString(), draft.Rules);
        await AskNowAsync();
        if (goes is not { } shown || trouble is not null || !string.Equals(shown.Plan, plan, StringComparison.Ordinal))
        {
            return;
        }

        if (shown.Version != basis.Version)
        {
            await AskPlansAsync();
            if (trouble is not null || !IsOvertaken())
            {
                trouble = $"Plan '{name}' is version {shown.Version} by now, and this began with version {basis.Version}. Nothing was saved, and what it says by now could not be had{(trouble is { } why ? $": {why}" : ".")}";
            }

            return;
        }

        if (await Acts.RunAsync(Session, Act.SavePolicy(shown, often, rules)))
        {
            saved = $"Saved: version {basis.Version + 1} of plan '{name}' is in force. {Next(shown)}";
            begun = basis with { Version = basis.Version + 1, Every = often, Keep = [.. rules] };
        }

        // While the question stood open another may have saved a version, before this one or after it.
        await AskPlansAsync();
        IsOvertaken();
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
