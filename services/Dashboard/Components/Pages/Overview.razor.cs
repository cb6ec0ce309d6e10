using System.Globalization;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>How everything stands, worst first.</summary>
public sealed partial class Overview
{
    private const int AtOnce = 20;

    private static readonly TimeSpan WeekLasts = TimeSpan.FromMinutes(1);

    private IReadOnlyList<AttentionItem> attention = [];
    private StatusShape? read;
    private int late;
    private int shownItems = AtOnce;
    private Going? week;
    private string? weekTrouble;
    private bool isAsking;
    private long? weekAskedAt;

    private string Title => State.Status is { Counts.Unwell: > 0 } status ? $"({Number(status.Counts.Unwell)}) Overview" : "Overview";

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

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private void Read()
    {
        if (State.Status is not { } status || ReferenceEquals(status, read))
        {
            return;
        }

        read = status;
        attention = Attention.Of(status);
        late = status.Droplets.Count(d => d.Alarms.Any(a => string.Equals(a.Kind, "no-good-snapshot", StringComparison.Ordinal)));
        if (!isAsking && State.Trouble is null && (weekAskedAt is not { } asked || Clock.GetElapsedTime(asked) > WeekLasts))
        {
            // Not waited for: the rest is there already.
            _ = AskWeekAsync();
        }
    }

    private async Task AskWeekAsync()
    {
        (isAsking, weekAskedAt) = (true, Clock.GetTimestamp());
        try
        {
            var forecast = await Session.Feed.GoingSoonAsync().WaitAsync(Leaving);
            var going = forecast.Snapshots.Where(s => s.Goes is not null).ToList();
            (week, weekTrouble) = (new Going(going.Count + forecast.LeftOut, going.Sum(s => s.SizeGigabytes)), null);
        }
        catch (ApiTroubleException e)
        {
            weekTrouble = e.Message;
        }
        catch (OperationCanceledException)
        {
            // Left already, or signed out.
            return;
        }
        finally
        {
            isAsking = false;
        }

        StateHasChanged();
    }

    private sealed record Going(int Count, decimal Gigabytes);
}
