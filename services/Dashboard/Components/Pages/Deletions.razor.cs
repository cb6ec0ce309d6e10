using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>What goes, on which day and why; each can be held.</summary>
public sealed partial class Deletions
{
    private const int UsualDays = 30;
    private const string PinnedGuard = "pinned";
    private const string HeldHere = "held from the calendar of deletions";

    /// <summary>The whole fleet is played forward for an answer: one that failed is not asked for again at once.</summary>
    private static readonly TimeSpan AsksAgainAfter = TimeSpan.FromSeconds(10);

    private static readonly int[] Spans = [7, UsualDays, 90];

    private static readonly IReadOnlyList<ListOrder<ForecastSnapshotShape>> HeldOrders =
        [new("since", s => s.Held!.Since), new("droplet", s => s.DropletName), new("snapshot", s => s.Name), new("made", s => s.CreatedAt)];

    /// <summary>What was held here, since when: it says so until what goes was worked out after it.</summary>
    private readonly Dictionary<Guid, long> held = [];
    private readonly HashSet<Guid> holding = [];
    private ForecastShape? forecast;
    private List<GoingDay> calendar = [];
    private List<ForecastSnapshotShape> going = [];
    private List<ForecastSnapshotShape> heldBack = [];
    private DateOnly? chosen;
    private int days = UsualDays;
    private int shownDays = UsualDays;
    private string? search;
    private string? trouble;
    private bool isAsking;
    private long askedAt;

    /// <summary>Of the day that is looked at, or of all.</summary>
    private IReadOnlyList<ForecastSnapshotShape> Going { get; set; } = [];

    /// <inheritdoc/>
    protected override bool ShowsWhatIsKnown => false;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Times.Changed += OnTimes;
        return AskAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Times.Changed -= OnTimes;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async Task HeardAsync()
    {
        // What could not be had is asked for again when the API is back; and what was to go is gone after a while, on a page that stays open, too.
        if (State.Trouble is null && !isAsking && Clock.GetElapsedTime(askedAt) > AsksAgainAfter && (trouble is not null || Session.Feed.IsGoingOld(days)))
        {
            await AskAsync();
            StateHasChanged();
        }
    }

    private DateOnly DayOf(ForecastSnapshotShape s) => Times.DayOf(s.Goes!.At);

    private static string Why(ForecastSnapshotShape s) => $"{s.Goes!.Why}{(s.Plan is { } plan ? $" (plan {plan}, version {s.Goes.PlanVersion})" : "")}";

    private static string HeldBy(ForecastSnapshotShape s) => $"{s.Name}: {s.Held!.Detail}{(s.Held.Guard is { } guard ? $" (guard {guard})" : "")}.";

    private static bool IsPinned(ForecastSnapshotShape s) => string.Equals(s.Held?.Guard, PinnedGuard, StringComparison.Ordinal);

    private Task LookAsync(int ahead)
    {
        days = ahead;
        return AskAsync();
    }

    private void Choose(DateOnly? day)
    {
        chosen = day;
        Going = day is { } one ? [.. going.Where(s => DayOf(s) == one)] : going;
    }

    private bool Matches(ForecastSnapshotShape s) => (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        s.DropletName.Contains(word, StringComparison.OrdinalIgnoreCase)
        || s.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || (s.Plan?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false)
        || s.Goes!.Why.Contains(word, StringComparison.OrdinalIgnoreCase));

    private void OnTimes(object? sender, EventArgs e) => _ = InvokeAsync(() =>
    {
        // A day begins at another moment by another clock.
        Count();
        Choose(null);
        StateHasChanged();
    });

    private void Count() => calendar = [.. going.GroupBy(DayOf).Select(g => new GoingDay(g.Key, g.Count(), g.Sum(s => s.SizeGigabytes)))];

    private void Show(int ofDays, ForecastShape got)
    {
        (shownDays, forecast) = (ofDays, got);
        going = [.. got.Snapshots.Where(s => s.Goes is not null).OrderBy(s => s.Goes!.At)];
        heldBack = [.. got.Snapshots.Where(s => s is { Goes: null, Held: not null }).OrderBy(s => s.Held!.Since)];
        Count();
        Choose(chosen is { } day && calendar.Exists(d => d.Day == day) ? day : null);
    }

    private async Task AskAsync(bool anew = false)
    {
        var (asked, began) = (days, Clock.GetTimestamp());
        (isAsking, askedAt) = (true, began);
        if (forecast is null && Session.Feed.KnownGoing is { } known)
        {
            // Of a large fleet it takes a while; what is known of the next days is there at once.
            Show(known.Days, known.Forecast);
        }

        try
        {
            var got = await Session.Feed.GoingAsync(asked, anew).WaitAsync(Leaving);
            if (asked != days)
            {
                return;
            }

            trouble = null;
            // What goes all the same is held by nobody any more: it may have been unpinned elsewhere.
            foreach (var before in held.Where(h => h.Value < began).Select(h => h.Key).ToList())
            {
                held.Remove(before);
            }

            Show(asked, got);
        }
        catch (ApiTroubleException e)
        {
            trouble = e.Message;
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

    private async Task HoldAsync(ForecastSnapshotShape s)
    {
        // One click: it can be taken back at once, and nothing is lost by it. A second one, before the first is answered, is no other command.
        if (!holding.Add(s.SnapshotId))
        {
            return;
        }

        if (await Acts.GiveAsync(Session, Act.Pin(s.SnapshotId, s.Name, HeldHere)))
        {
            held[s.SnapshotId] = Clock.GetTimestamp();
        }

        holding.Remove(s.SnapshotId);
    }

    private async Task UnpinAsync(ForecastSnapshotShape s)
    {
        if (await Acts.RunAsync(Session, Act.Unpin(s.SnapshotId, s.Name)))
        {
            held.Remove(s.SnapshotId);
            await AskAsync(anew: true);
        }
    }

    private sealed record GoingDay(DateOnly Day, int Count, decimal Gigabytes);
}
