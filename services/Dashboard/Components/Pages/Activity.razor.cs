using System.Collections.Immutable;
using DoSnapshot.Dashboard.Lives;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>What happened last, each snapshot's life as steps.</summary>
public sealed partial class Activity
{
    private const int PageSize = 50;
    private const int MostSteps = 200;

    private static readonly (string Name, LifeCourse? Course)[] Filters =
        [("All", null), ("Running", LifeCourse.Running), ("Put off", LifeCourse.Troubled), ("Given up", LifeCourse.Ended), ("Done", LifeCourse.Done)];

    private ImmutableArray<Life> lives = [];
    private List<Life> found = [];
    private string? searched;
    private LifeCourse? filter;
    private int page;
    private string? opened;
    private HistoryShape? history;
    private string? historyTrouble;
    private long readPlace = -1;

    private string? Search
    {
        get => searched;
        set
        {
            (searched, page) = (value, 0);
            Find();
        }
    }

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

    private static string Name(Life life) => life.Steps.Select(s => Quoted(s.Says)).FirstOrDefault(q => q is not null && life.SnapshotId is not null)
        ?? (life.SnapshotId is { } id ? $"snapshot {id.ToString("D")[..8]}" : life.Stream.Replace('/', ' '));

    /// <summary>A snapshot's first event names it.</summary>
    private static string? Quoted(string says) => says.Split('\'') is [var before, var name, ..] && before.EndsWith("snapshot ", StringComparison.Ordinal) ? name : null;

    private IEnumerable<(string Type, DateTimeOffset? At, string Says)> Steps(Life life) =>
        history is { } all ? all.Events.Select(e => (e.Type, e.At, e.Says)) : life.Steps.Select(e => (e.Type, e.At, e.Says));

    private int Count(LifeCourse? course) => course is null ? lives.Length : lives.Count(l => l.Course == course);

    private void Choose(LifeCourse? course)
    {
        (filter, page) = (course, 0);
        Find();
    }

    private bool Read()
    {
        if (State.Place is not { } place || place == readPlace)
        {
            return false;
        }

        readPlace = place;
        lives = Life.Of(State.Recent);
        Find();
        return true;
    }

    private void Find()
    {
        found = [.. lives.Where(l => (filter is null || l.Course == filter) && l.Matches(searched))];
        page = Math.Clamp(page, 0, Math.Max(0, (found.Count - 1) / PageSize));
    }

    private Task OpenAsync(Life life)
    {
        (history, historyTrouble) = (null, null);
        if (string.Equals(opened, life.Stream, StringComparison.Ordinal))
        {
            opened = null;
            return Task.CompletedTask;
        }

        opened = life.Stream;
        return life.SnapshotId is null ? Task.CompletedTask : AskAsync(life);
    }

    private async Task AskAsync(Life life)
    {
        try
        {
            var all = await Session.Client.HistoryAsync(life.SnapshotId!.Value.ToString("D"), MostSteps, Leaving);
            if (string.Equals(opened, life.Stream, StringComparison.Ordinal))
            {
                (history, historyTrouble) = (all, null);
            }
        }
        catch (ApiTroubleException e)
        {
            historyTrouble = e.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
    }
}
