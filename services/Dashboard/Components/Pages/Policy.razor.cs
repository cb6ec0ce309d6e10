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

    /// <summary>What became of what is written here, where there is a newer version.</summary>
    private string ofMine = "";

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

    /// <summary>So many questions were asked: what is wrong with the last one is said.</summary>
    private int asked;

    /// <summary>So many have no answer yet.</summary>
    private int waitsFor;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Look(days);
        return AskPlansAsync();
    }

    /// <inheritdoc/>
    protected override Task HeardAsync() =>
        // What could not be had is asked for again when the API is back.
        plans is null && !IsAsking && State.Trouble is null ? AskPlansAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (showsNewer && newer is not null)
        {
            showsNewer = false;
            await newerBanner.FocusAsync();
        }
    }

    private bool IsAsking => waitsFor > 0;

    /// <summary>What the plan says, where it is one that there is.</summary>
    private PlanShape? Says => plans?.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal));

    private bool CanTry => !IsAsking && draft.IsWhole && plan is not null;

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

    /// <returns>Whether they could be had.</returns>
    private Task<bool> AskPlansAsync() => AskAsync(async () =>
    {
        plans = (await Session.Client.PlansAsync(Leaving)).Plans;
        if (plan is null && plans is [var first, ..])
        {
            Take(first.Name);
        }
    });

    /// <summary>Begins with what another plan says, as it was heard last at first, and then as it is: this page may be open for long.</summary>
    private async Task ChooseAsync(string? name)
    {
        Take(name);
        var untouched = draft;
        if (!await AskPlansAsync() || !string.Equals(plan, name, StringComparison.Ordinal))
        {
            return;
        }

        if (ReferenceEquals(draft, untouched))
        {
            Take(name);
        }
        else
        {
            IsOvertaken();
        }
    }

    /// <summary>Begins with what a plan says.</summary>
    private void Take(string? name)
    {
        (plan, newer, goes, whatIf) = (name, null, null, null);
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
    /// <param name="mine">What became of what is written here; null where nothing of it was saved.</param>
    private bool IsOvertaken(string? mine = null)
    {
        if (Says is not { } now || now.Version <= begun?.Version)
        {
            return false;
        }

        (newer, showsNewer) = (now, true);
        ofMine = mine ?? $", and this began with version {begun?.Version}. Nothing was saved, and what is written here is kept.";
        return true;
    }

    private string Options() => OptionsOf($"{draft.Every}", draft.Rules);

    private static string OptionsOf(string often, IEnumerable<string> rules) => string.Join(' ', ["-s", often, .. rules.Select(r => $"-k {r}")]);

    /// <summary>What is asked for takes a while; an answer about other rules, or another plan, than those that are on the page by then is none.</summary>
    private Task<bool> AskHistoryAsync() => AskOfDraftAsync(async (wrote, of) =>
    {
        var got = await Session.Client.WhatIfAsync(wrote.Rules, wrote.Every?.ToString(), of, null, Leaving);
        if (IsStill(wrote, of))
        {
            whatIf = got;
            otherwise = [.. got.Today.Where(s => s.Differs)];
        }
    });

    private Task<bool> AskNowAsync() => AskOfDraftAsync(async (wrote, of) =>
    {
        var got = await Session.Client.WhatGoesAsync(of!, wrote.Rules, wrote.Every?.ToString(), Settings.Price, Leaving);
        if (IsStill(wrote, of))
        {
            goes = got;
        }
    });

    private Task<bool> AskOfDraftAsync(Func<PolicyDraft, string?, Task> ask)
    {
        var (wrote, of) = (draft, plan);
        return AskAsync(() => ask(wrote, of), () => IsStill(wrote, of));
    }

    private bool IsStill(PolicyDraft wrote, string? of) => ReferenceEquals(draft, wrote) && string.Equals(plan, of, StringComparison.Ordinal);

    /// <summary>Saves it, by what it lets go at this moment and not by what was looked at some time ago.</summary>
    private async Task SaveAsync()
    {
        saved = null;
        var (wrote, name, basis) = (draft, plan!, begun!);
        var (often, rules) = (wrote.Every!.Value.ToString(), wrote.Rules);
        if (!await AskNowAsync() && (Leaving.IsCancellationRequested || IsStill(wrote, name)))
        {
            return;
        }

        if (goes is not { } shown || !IsStill(wrote, name))
        {
            trouble = "Nothing was saved: while it was asked what goes by it, another policy was written, or another plan chosen. Save what is here now, if that is meant.";
            return;
        }

        if (shown.Version != basis.Version)
        {
            if (!await AskPlansAsync() || !string.Equals(plan, name, StringComparison.Ordinal) || !IsOvertaken())
            {
                trouble = $"Plan '{name}' is version {shown.Version} by now, and this began with version {basis.Version}. Nothing was saved, and what it says by now could not be had{(trouble is { } why ? $": {why}" : ".")}";
            }

            return;
        }

        var ours = basis.Version + 1;
        var isSaved = await Acts.RunAsync(Session, Act.SavePolicy(shown, often, rules));
        var isUnsure = !isSaved && Acts.IsLastUnsure;
        if (isSaved && string.Equals(plan, name, StringComparison.Ordinal))
        {
            saved = $"Saved: version {ours} of plan '{name}' is in force. {Next(shown)}";
            begun = basis with { Version = ours, Every = often, Keep = [.. rules] };
        }

        // While the question stood open another may have saved a version, before this one or after it.
        if (await AskPlansAsync() && string.Equals(plan, name, StringComparison.Ordinal) && IsOvertaken(
            isSaved ? $": version {ours} was saved, and version {Says?.Version} came after it. What is written here is kept."
            : isUnsure ? $", and this began with version {basis.Version}. Whether what is written here was saved in between, the plan's history says; it is kept here."
            : null))
        {
            // What was saved is not in force any more.
            saved = null;
        }
    }

    private static string Next(WhatGoesShape shown) => shown switch
    {
        { Now.HeldByBrake: > 0 } => $"At the planner's next decision the brake comes on and holds what would go; once that was looked at, an operator releases it on the overview, or by 'do-snapshot release-brake {shown.Plan}'.",
        { Now.Tried.Snapshots: > 0 } => $"The planner lets {Moments.Count(shown.Now.Tried.Snapshots, "snapshot")} go at its next decision, and they are deleted within minutes. A pin holds one.",
        _ => "The planner goes by it from its next decision on.",
    };

    /// <param name="ask">Asks.</param>
    /// <param name="counts">Whether somebody still wants to know; null for always.</param>
    /// <returns>Whether it could be had.</returns>
    private async Task<bool> AskAsync(Func<Task> ask, Func<bool>? counts = null)
    {
        var number = ++asked;
        waitsFor++;
        trouble = null;
        try
        {
            await ask();
            return true;
        }
        catch (ApiTroubleException e)
        {
            if (number == asked && counts?.Invoke() is not false)
            {
                trouble = e.Message;
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
        finally
        {
            waitsFor--;
        }

        return false;
    }
}
