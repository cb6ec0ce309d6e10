using DoSnapshot.Dashboard.Exports;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>Whether every removal was right, and what happened.</summary>
public sealed partial class Audit
{
    private const int PageSize = 100;
    private const int MostShown = 200;

    private AuditShape? report;
    private DateTime? since;
    private DateTime? until;
    private string? trouble;
    private bool isAsking;
    private string? searched;
    private List<LogEventShape> found = [];
    private int page;
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
        Find();
    }

    /// <inheritdoc/>
    protected override Task HeardAsync()
    {
        if (State.Place is { } place && place != readPlace)
        {
            readPlace = place;
            Find();
        }

        return Task.CompletedTask;
    }

    private static DateTimeOffset? Utc(DateTime? given) => given is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    private string Export(string form) => AuditExport.Address(form, Utc(since), Utc(until));

    private void Find()
    {
        var words = (searched ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        found = [.. State.Recent.Where(e => words.All(w =>
            e.Says.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Stream.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Type.Contains(w, StringComparison.OrdinalIgnoreCase)))];
        page = Math.Clamp(page, 0, Math.Max(0, (found.Count - 1) / PageSize));
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
