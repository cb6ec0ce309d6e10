using System.Globalization;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>How everything stands, worst first.</summary>
public sealed partial class Overview
{
    private const int SoonDays = 7;

    private static readonly IReadOnlyList<ListOrder<AttentionItem>> Orders =
        [new("worst first"), new("droplet", i => i.Droplet), new("kind", i => i.Kind), new("since", i => i.Since ?? DateTimeOffset.MaxValue), new("tried again", i => i.RetryAt ?? DateTimeOffset.MaxValue)];

    private static readonly TimeSpan WeekLasts = TimeSpan.FromMinutes(1);

    private IReadOnlyList<AttentionItem> attention = [];
    private StatusShape? read;
    private int late;
    private int none;
    private UncoveredShape? uncovered;
    private UncoveredShape? readUncovered;
    private string? uncoveredTrouble;
    private Going? week;
    private string? weekTrouble;
    private bool isAsking;
    private long? weekAskedAt;

    /// <summary>Also a run of the command decides, as long as it lasts.</summary>
    private bool HasPlanner => State.Status?.Running.HasPlanner ?? true;

    /// <summary>Whether what is shown may be over: of what has happened since nobody knows.</summary>
    private bool IsInDoubt => !HasPlanner || State.Trouble is not null || State.Status?.Running.NotCompared is not null;

    /// <summary>How a figure is marked that says that nothing is wrong.</summary>
    private string Well => IsInDoubt ? "doubtful" : "well";

    /// <summary>What is not in the list because nobody knows of it; null where nothing is.</summary>
    private string? Unknown => (uncovered, uncoveredTrouble) switch
    {
        (null, null) => null,
        (null, { } why) => $"Which droplets no plan covers could not be had: {why}",
        (_, { } why) => $"Which droplets no plan covers was told {Moments.Utc(uncovered.At)}, and could not be had anew: {why}",
        ({ OthersKnown: false }, _) => "Droplets that were never in a plan are not known at the moment: a planner that leads looks for them every hour, and none does.",
        _ => null,
    };

    private bool IsWeekUnknown => weekTrouble is not null || (week is null && State.Trouble is not null);

    private string Title => State.Status is { Counts.Unwell: > 0 } status ? $"({Number(status.Counts.Unwell)}) Overview" : IsInDoubt ? "(!) Overview" : "Overview";

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Read();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task HeardAsync()
    {
        Read();
        return Task.CompletedTask;
    }

    private static string Words(AttentionItem item) => $"{item.Droplet} {item.DropletId.ToString(CultureInfo.InvariantCulture)} {item.Kind.Replace('-', ' ')} {item.Text}";

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private void Read()
    {
        if (State.Status is not { } status || (ReferenceEquals(status, read) && ReferenceEquals(uncovered, readUncovered)))
        {
            return;
        }

        (read, readUncovered) = (status, uncovered);
        attention = Attention.Of(status, uncovered);
        none = status.Droplets.Count(Attention.HasNoneLeft);
        late = status.Droplets.Count(d => d.Alarms.Any(a => string.Equals(a.Kind, "no-good-snapshot", StringComparison.Ordinal)));
        if (!isAsking && State.Trouble is null && (weekAskedAt is not { } asked || Clock.GetElapsedTime(asked) > WeekLasts))
        {
            // Not waited for: the rest is there already.
            _ = AskBesidesAsync();
        }
    }

    /// <summary>What was worked out before goes by a brake that is on no more.</summary>
    private void AskWeekAnew()
    {
        (week, weekTrouble) = (null, null);
        _ = AskBesidesAsync();
    }

    /// <summary>What goes soon, and which droplets are in no plan any more.</summary>
    private async Task AskBesidesAsync()
    {
        (isAsking, weekAskedAt) = (true, Clock.GetTimestamp());
        try
        {
            await Task.WhenAll(AskUncoveredAsync(), AskWeekAsync());
        }
        catch (OperationCanceledException)
        {
            // Left already, or signed out.
        }
        finally
        {
            isAsking = false;
        }
    }

    private async Task AskUncoveredAsync()
    {
        try
        {
            (uncovered, uncoveredTrouble) = (await Session.Feed.UncoveredAsync().WaitAsync(Leaving), null);
            Read();
        }
        catch (ApiTroubleException e)
        {
            // It is asked again with what is next.
            uncoveredTrouble = e.Message;
        }

        StateHasChanged();
    }

    private async Task AskWeekAsync()
    {
        try
        {
            var forecast = await Session.Feed.GoingAsync(SoonDays).WaitAsync(Leaving);
            var going = forecast.Snapshots.Where(s => s.Goes is not null).ToList();
            (week, weekTrouble) = (new Going(forecast.At, going.Count + forecast.LeftOut, going.Sum(s => s.SizeGigabytes)), null);
        }
        catch (ApiTroubleException e)
        {
            weekTrouble = e.Message;
        }

        StateHasChanged();
    }

    private sealed record Going(DateTimeOffset At, int Count, decimal Gigabytes);
}
