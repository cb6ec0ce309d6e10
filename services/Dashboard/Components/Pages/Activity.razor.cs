using System.Collections.Immutable;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Lives;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>What happened last, each snapshot's life as steps.</summary>
public sealed partial class Activity
{
    private const int MostSteps = 200;
    private const int OlderAtOnce = 1_000;

    /// <summary>So many events are kept for a page that loads older ones again and again.</summary>
    private const int MostKept = 20_000;

    private static readonly LifeCourse?[] Filters = [null, .. Enum.GetValues<LifeCourse>()];

    private static readonly IReadOnlyList<ListOrder<Life>> Orders =
        [new("latest"), new("name", l => l.Name), new("state", l => l.Course), new("steps", l => -l.Steps.Length)];

    private ImmutableArray<LogEventShape> events = [];
    private ImmutableArray<Life> lives = [];
    private IReadOnlyList<Life> shown = [];
    private LifeCourse? filter;
    private string? opened;
    private HistoryShape? history;
    private string? historyTrouble;

    /// <summary>So many histories were asked for.</summary>
    private int historyAsked;
    private long readPlace = -1;
    private StatusShape? readStatus;
    private int readGeneration;

    /// <summary>The log was looked at down to the place after this one; null for what was heard by itself.</summary>
    private long? lookedDownTo;

    private bool isLoading;
    private string? olderTrouble;

    private bool HasOlder => (lookedDownTo ?? events[^1].Sequence - 1) > 0;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Read();
    }

    /// <inheritdoc/>
    protected override async Task HeardAsync()
    {
        if (Read() && lives.FirstOrDefault(l => string.Equals(l.Stream, opened, StringComparison.Ordinal)) is { } life && history is not null && life.Last.Sequence > history.Events.LastOrDefault()?.Sequence)
        {
            await AskAsync(life);
        }
    }

    private static string Address(Life life) => $"/droplets/{life.DropletId}{(life.SnapshotId is { } id ? $"?snapshot={id}" : "")}";

    private IEnumerable<AnyEventShape> Steps(Life life) => history is { } all ? all.Events : life.Steps;

    private Task TryAsync(Life life) => Acts.RunAsync(Session, Act.Retry(life.SnapshotId!.Value, $"{life.Whole}: {life.Telling.Says.TrimEnd('.')}."));

    private static long EndOf(HistoryShape? told) => told?.Events.LastOrDefault()?.Sequence ?? 0;

    private int Count(LifeCourse? course) => course is null ? lives.Length : lives.Count(l => l.Course == course);

    private void Choose(LifeCourse? course)
    {
        filter = course;
        Find();
    }

    private bool Read()
    {
        if (State.Generation != readGeneration)
        {
            // Another log: nothing of the first is in it, nor comes after what was shown.
            (readGeneration, readPlace, events, lookedDownTo) = (State.Generation, -1, [], null);
            (opened, history, historyTrouble, olderTrouble) = (null, null, null, null);
            Show();
        }

        if (State.Place is not { } place || (place == readPlace && ReferenceEquals(State.Status, readStatus)))
        {
            return false;
        }

        readStatus = State.Status;
        if (place == readPlace)
        {
            // Nothing has happened, and what is held may be less.
            Show();
            return false;
        }

        readPlace = place;
        var fresh = events.IsEmpty ? [] : State.Recent.TakeWhile(e => e.Sequence > events[0].Sequence).ToImmutableArray();
        if (lookedDownTo is null || fresh.Length == State.Recent.Length)
        {
            // Nothing older was loaded; or so much has happened since that there would be a gap.
            (events, lookedDownTo) = (State.Recent, null);
        }
        else
        {
            events = fresh.AddRange(events);
            if (events.Length > MostKept)
            {
                // An open page does not grow for ever; what is left out can be loaded again.
                events = events[..MostKept];
                lookedDownTo = events[^1].Sequence - 1;
            }
        }

        Show();
        return true;
    }

    private void Show()
    {
        lives = Life.Of(events, HeldNow.Of(State.Status));
        Find();
    }

    private void Find() => shown = [.. lives.Where(l => filter is null || l.Course == filter)];

    /// <summary>Loads what happened before all that is here.</summary>
    private async Task OlderAsync()
    {
        (isLoading, olderTrouble) = (true, null);
        try
        {
            var (oldest, down, found) = (events[^1].Sequence, lookedDownTo ?? events[^1].Sequence - 1, (LogEventShape[])[]);
            while (found.Length == 0 && down > 0)
            {
                var (from, until) = (Math.Max(0, down - OlderAtOnce), down);
                var part = await Session.Client.EventsAsync(from, OlderAtOnce, 0, Leaving);
                (found, down) = ([.. part.Events.Where(e => e.Sequence <= until && e.Sequence < oldest).OrderByDescending(e => e.Sequence)], from);
            }

            // Meanwhile more may have happened, and what is here may have begun anew.
            if (!events.IsEmpty && events[^1].Sequence == oldest)
            {
                (events, lookedDownTo) = (events.AddRange(found), down);
                Show();
            }
        }
        catch (ApiTroubleException e)
        {
            olderTrouble = e.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
        finally
        {
            isLoading = false;
        }
    }

    private bool IsOpen(Life life) => string.Equals(opened, life.Stream, StringComparison.Ordinal);

    private Task OpenAsync(Life life)
    {
        (history, historyTrouble) = (null, null);
        if (IsOpen(life))
        {
            opened = null;
            return Task.CompletedTask;
        }

        opened = life.Stream;
        return life.SnapshotId is null ? Task.CompletedTask : AskAsync(life);
    }

    /// <summary>Of two that were asked for, the one that was asked for first may arrive last: what is shown does not become less by it.</summary>
    private async Task AskAsync(Life life)
    {
        var number = ++historyAsked;
        try
        {
            var all = await Session.Client.HistoryAsync(life.SnapshotId!.Value.ToString("D"), MostSteps, Leaving);
            if (IsOpen(life) && EndOf(all) >= EndOf(history))
            {
                (history, historyTrouble) = (all, number == historyAsked ? null : historyTrouble);
            }
        }
        catch (ApiTroubleException e)
        {
            if (IsOpen(life) && number == historyAsked)
            {
                historyTrouble = e.Message;
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
    }
}
