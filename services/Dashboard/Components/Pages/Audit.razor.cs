using System.Globalization;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.Dashboard.Exports;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>Whether every removal was right, and what happened.</summary>
public sealed partial class Audit
{
    private const int PageSize = 100;
    private const int MostDaysAgo = 90;
    private const int SearchedAtOnce = 1_000;
    private const int MostFound = 5_000;

    private static readonly RenderFragment NoMatch = builder =>
    {
        builder.OpenComponent<Nothing>(0);
        builder.AddComponentParameter(1, nameof(Nothing.Title), "Nothing of it matches the search.");
        builder.CloseComponent();
    };

    private static readonly IReadOnlyList<ListOrder<FindingShape>> FindingOrders =
        [new("as found"), new("worst", f => string.Equals(f.Severity, "error", StringComparison.Ordinal) ? 0 : 1), new("time", f => f.Sequence), new("kind", f => f.Kind), new("droplet", f => f.DropletName ?? "")];

    private static readonly IReadOnlyList<ListOrder<OpenExpiryShape>> OpenOrders = [new("decided", o => o.DecidedAt), new("snapshot", o => o.SnapshotName), new("plan", o => o.Plan ?? "")];
    private static readonly IReadOnlyList<ListOrder<ManualRemovalShape>> ManualOrders = [new("time", m => m.At), new("snapshot", m => m.SnapshotName), new("who", m => m.Actor ?? "")];

    private AuditShape? report;
    private bool isOldestFirst;
    private DateTime? since;
    private DateTime? until;
    private string? trouble;
    private bool isAsking;
    private string? searched;
    private List<LogEventShape> found = [];
    private int page;
    private long readPlace = -1;
    private bool isSearching;
    private bool isOfAll;
    private long lookedUpTo;
    private DateTime? pastAt;
    private double daysAgo;
    private PastStatusShape? past;
    private string? pastTrouble;
    private bool isLooking;

    private string? Search
    {
        get => searched;
        set
        {
            (searched, page, isOfAll) = (value, 0, false);
            Find();
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Find();
    }

    /// <inheritdoc/>
    protected override Task HeardAsync()
    {
        if (!isOfAll && !isSearching && State.Place is { } place && place != readPlace)
        {
            readPlace = place;
            Find();
        }

        return Task.CompletedTask;
    }

    private static DateTimeOffset? Utc(DateTime? given) => given is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    private static string FindingWords(FindingShape f) =>
        $"{f.Severity} {f.Kind} {f.What} {f.SnapshotName} {f.DropletName} {f.DropletId?.ToString(CultureInfo.InvariantCulture)} {f.Plan} {f.Recorded} {f.Replayed}";

    private string Export(string form) => AuditExport.Address(form, Utc(since), Utc(until));

    private void Find()
    {
        var words = (searched ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        found = [.. State.Recent.Where(e => words.All(w =>
            e.Says.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Stream.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Type.Contains(w, StringComparison.OrdinalIgnoreCase)))];
        if (isOldestFirst)
        {
            found.Reverse();
        }

        page = Math.Clamp(page, 0, Math.Max(0, (found.Count - 1) / PageSize));
    }

    private void Turn(bool oldestFirst)
    {
        if (isOldestFirst != oldestFirst)
        {
            (isOldestFirst, page) = (oldestFirst, 0);
            found.Reverse();
        }
    }

    private void Choose(string? text)
    {
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            pastAt = at;
            daysAgo = State.Status is { } status ? Math.Clamp(Math.Round((status.At.UtcDateTime - at).TotalDays, 2), 0, MostDaysAgo) : 0;
        }
    }

    private void Slide(string? text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && State.Status is { } status)
        {
            (daysAgo, pastAt) = (days, status.At.UtcDateTime.AddDays(-days));
        }
    }

    private async Task LookBackAsync()
    {
        (isLooking, pastTrouble) = (true, null);
        try
        {
            past = await Session.Client.PastStatusAsync(Utc(pastAt)!.Value, Leaving);
        }
        catch (ApiTroubleException e)
        {
            (past, pastTrouble) = (null, e.Message);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
        finally
        {
            isLooking = false;
        }
    }

    /// <summary>From the beginning of the log, a part at a time, until it is looked through or enough is found.</summary>
    private async Task SearchAllAsync()
    {
        var (words, all) = (searched ?? "", new List<LogEventShape>());
        (isSearching, lookedUpTo) = (true, 0);
        try
        {
            EventsShape part;
            do
            {
                part = await Session.Client.SearchAsync(words, lookedUpTo, SearchedAtOnce, Leaving);
                all.AddRange(part.Events);
                lookedUpTo = part.Last;
                StateHasChanged();
            }
            while (!part.IsAll && all.Count < MostFound && string.Equals(words, searched, StringComparison.Ordinal));

            if (string.Equals(words, searched, StringComparison.Ordinal))
            {
                if (!isOldestFirst)
                {
                    all.Reverse();
                }

                (found, page, isOfAll) = (all, 0, true);
            }
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
            isSearching = false;
        }
    }

    private async Task RunAsync()
    {
        (isAsking, trouble) = (true, null);
        try
        {
            report = await Session.Client.AuditAsync(Utc(since), Utc(until), Leaving);
        }
        catch (ApiTroubleException e)
        {
            (report, trouble) = (null, e.Message);
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
