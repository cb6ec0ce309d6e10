using DoSnapshot.Dashboard.Studio;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>A policy as it is being written, and what it gives.</summary>
public sealed partial class Policy
{
    private const int ForecastDays = 1;

    private static readonly (string Name, int Days)[] Lengths = [("a month", 30), ("half a year", 182), ("a year", 365), ("two years", 730)];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private IReadOnlyList<PlanShape>? plans;
    private string? plan;
    private string? every = "1d";
    private string? keep = "1d:1w 1w:1m 1m:6m";
    private int days = 365;
    private PolicyDraft draft = PolicyDraft.Read("1d", "1d:1w 1w:1m 1m:6m");
    private FromNothing? fromNothing;
    private WhatIfShape? whatIf;
    private GoesAtOnce? atOnce;
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

    private static string Fate(FateShape fate) => fate.Kind switch
    {
        "exists" => "is there",
        "neverMade" => "never made",
        _ => $"{fate.Kind}{(fate.Rule is { } rule ? $" by {rule}" : "")}",
    };

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
        plan = name;
        if (plans?.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal)) is { } says)
        {
            Write(says.Every, string.Join('\n', says.Keep));
        }
    }

    private void Write(string? newEvery, string? newKeep)
    {
        (every, keep, whatIf, atOnce) = (newEvery, newKeep, null, null);
        draft = PolicyDraft.Read(every, keep);
        Look(days);
    }

    private void Look(int length)
    {
        days = length;
        fromNothing = draft is { Every: { } often, Policy: { } policy } ? Preview.Play(often, policy, days, Start) : null;
    }

    private string Options() => string.Join(' ', ["-s", $"{draft.Every}", .. draft.Rules.Select(r => $"-k {r}")]);

    private Task AskHistoryAsync() => AskAsync(async () => whatIf = await Session.Client.WhatIfAsync(draft.Rules, draft.Every?.ToString(), plan, null, Leaving));

    private Task AskNowAsync() => AskAsync(async () =>
    {
        var forecast = await Session.Client.ForecastAsync(plan, ForecastDays, staying: true, Leaving);
        atOnce = draft.Policy is { } policy ? Preview.Now(policy, plan!, forecast.Snapshots, forecast.At) : null;
    });

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
