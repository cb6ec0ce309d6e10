using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Live;

/// <summary>
/// What goes on, as the API tells it to one caller. It waits at the API for the log to grow, and asks how the droplets stand whenever it has, and now and then
/// besides, since what is due or late changes by time alone. Where the API is away, that is said, and it is asked again until it answers.
/// </summary>
internal sealed class Feed : IAsyncDisposable
{
    /// <summary>So many events are kept to be shown.</summary>
    public const int MostRecent = 2_000;

    /// <summary>How long the API is to wait for something to happen, in seconds.</summary>
    private const int WaitSeconds = 10;

    private const string Release = "brake_released";
    private const string PlanStream = "plan/";
    private const int AtOnce = 1_000;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>An event may be of a moment before it came into the log.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What changes what goes in the next days, besides time: who commands it may sit elsewhere. That a snapshot is made when it is due was reckoned with, and a deletion that
    /// is put off again and again changes nothing.
    /// </summary>
    private static readonly FrozenSet<string> ChangesGoing = FrozenSet.Create(
        StringComparer.Ordinal,
        "brake_applied", Release, "plan_changed", "plan_removed", "plan_paused", "plan_resumed", "droplet_paused", "droplet_resumed", "droplet_enrolled", "droplet_withdrawn", "plans_overlapped",
        "overlap_resolved", "snapshot_pinned", "snapshot_unpinned", "snapshot_expired", "expiry_withdrawn", "prune_refused", "retry_requested", "snapshot_pruned", "snapshot_lost");

    private readonly ApiClient client;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<long, long> lastOf = new();
    private readonly ConcurrentDictionary<string, long> lastOfPlan = new(StringComparer.Ordinal);
    private ViewBook views;
    private SlotBook slots;
    private GoingBook going;
    private KeptAnswer<UncoveredShape> uncovered;
    private KeptAnswer<PlansShape> plans;
    private Task running = Task.CompletedTask;

    /// <summary>The place in the log of the last event that was heard of.</summary>
    private long heardOf;

    /// <summary>The place in the log of the last event about any plan that was heard of.</summary>
    private long lastOfPlans;

    /// <summary>Whether something may have been heard of that the status does not have yet.</summary>
    private bool isBehind;

    /// <summary>A feed by this client, which it disposes of.</summary>
    public Feed(ApiClient client, TimeProvider clock)
    {
        (this.client, this.clock) = (client, clock);
        Begin();
    }

    /// <summary>Something was heard, or cannot be heard. Raised on no page's own thread.</summary>
    public event EventHandler? Changed;

    /// <summary>What is known.</summary>
    public FeedState State { get; private set; } = FeedState.Nothing;

    /// <summary>Begins.</summary>
    public void Start() => running = Task.Run(RunAsync);

    /// <summary>The place in the log of the last event about a droplet that was heard of; 0 for none.</summary>
    public long LastOf(long dropletId) => lastOf.GetValueOrDefault(dropletId);

    /// <summary>The place in the log of the last event about a droplet, or about a plan, that was heard of; 0 for none.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="plans">Its plan, and those that it left.</param>
    public long LastOf(long dropletId, IEnumerable<string> plans) => plans.Select(plan => lastOfPlan.GetValueOrDefault(plan)).Append(LastOf(dropletId)).Max();

    /// <summary>A droplet with its snapshots: as it was last asked for, unless something has happened since to it, its plan or one that it left.</summary>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public Task<DropletViewShape> ViewAsync(long dropletId, CancellationToken ct) =>
        views.OfAsync(dropletId, () => Interlocked.Read(ref heardOf), view => LastOf(dropletId, view.Plans()), ct);

    /// <summary>The last turns of a droplet's schedule; those that a page shows together are asked for together.</summary>
    /// <exception cref="ApiTroubleException">They cannot be had.</exception>
    public Task<SlotShape[]> SlotsAsync(long dropletId) => slots.OfAsync(dropletId, LastOf(dropletId));

    /// <summary>
    /// What goes in the next days: asked for once for all pages, and anew when it is old or something has happened that changes it, or after a minute where it could not be had.
    /// </summary>
    /// <param name="days">How many.</param>
    /// <param name="anew">Whether an answer that is there already is not enough.</param>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public Task<ForecastShape> GoingAsync(int days, bool anew = false)
    {
        ObjectDisposedException.ThrowIf(ending.IsCancellationRequested, this);
        return going.OfAsync(days, State.Status?.At, anew);
    }

    /// <summary>Whether what is known of the next days is old, as what was to go first should be gone, or as much else may have happened.</summary>
    public bool IsGoingOld(int days) => going.IsOld(days, State.Status?.At);

    /// <summary>What goes as far as it is known already, and for how many days; null where nothing is.</summary>
    public (int Days, ForecastShape Forecast)? KnownGoing => going.Known;

    /// <summary>Something was commanded that changes what goes: it is worked out anew when it is wanted next.</summary>
    public void ForgetGoing() => going.Forget();

    /// <summary>The droplets that no plan covers: asked for once for all pages, and anew after a minute.</summary>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public Task<UncoveredShape> UncoveredAsync() => uncovered.OfAsync();

    /// <summary>What the plans in force say: asked for once for all pages, and anew after a minute, or when something has happened to one.</summary>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public Task<PlansShape> PlansAsync() => plans.OfAsync(Interlocked.Read(ref lastOfPlans));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
        ending.Dispose();
        views.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(ending.Token);
                failures = 0;
            }
            catch (ApiTroubleException e)
            {
                failures++;
                Become(State with { Trouble = e.Message, TroubleKind = e.Trouble, TroubleSince = State.TroubleSince ?? clock.GetUtcNow(), IsSignedOut = e.Trouble is ApiTrouble.Nobody });
                await PauseAsync(TimeSpan.FromSeconds(Math.Min(failures, LongestPause.TotalSeconds))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, it is said and tried again: a page that stands still would look as if nothing happened.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Become(State with { Trouble = $"What it tells cannot be shown: {e.Message}", TroubleKind = ApiTrouble.Strange, TroubleSince = State.TroubleSince ?? clock.GetUtcNow() });
                await PauseAsync(LongestPause).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Hears what has happened, and how the droplets stand after it.</summary>
    private async Task ListenAsync(CancellationToken ct)
    {
        if (State.Status is null)
        {
            // How things stand is what most look for. What has happened since is heard next, without a wait.
            Become(State.Well() with { Status = await client.StatusAsync(ct) });
        }

        // While it was away, much may have happened: what is shown first is how things stand.
        var (isFirst, waits) = (State.Place is null, !isBehind && State is { Place: not null, Trouble: null });
        var heard = await client.EventsAsync(State.Place, AtOnce, waits ? WaitSeconds : 0, ct);
        if (heard.Last < State.Place)
        {
            // It is another log by now, an older one that was restored for instance.
            Begin();
            Become(FeedState.Nothing with { Revision = State.Revision, Generation = State.Generation + 1 });
            return;
        }

        Note(heard.Events, isFirst);
        if (heard.Events.Length > 0)
        {
            // Of a large fleet the status takes a while; what has happened is shown before.
            Become(State with
            {
                Place = heard.Last,
                Recent = [.. Enumerable.Reverse(heard.Events).Concat(State.Recent).Take(MostRecent)],
            });
        }

        if (isFirst)
        {
            // Of what is heard here something may have happened after the status: it is asked for once more before anything is waited for.
            Become(State with { Place = heard.Last });
            await PauseAsync(LeastPause);
            return;
        }

        var began = clock.GetTimestamp();
        var status = await client.StatusAsync(ct);
        isBehind = false;
        var took = clock.GetElapsedTime(began);
        Become(State.Well() with { Place = heard.Last, Status = status });
        // A large fleet takes long to tell of: half the time at most is spent on it.
        await PauseAsync(took < LeastPause ? LeastPause : took < LongestPause ? took : LongestPause);
    }

    /// <summary>Nothing is known. What was asked before and has no answer yet is not taken for an answer of now.</summary>
    [MemberNotNull(nameof(views), nameof(slots), nameof(going), nameof(uncovered), nameof(plans))]
    private void Begin()
    {
        lastOf.Clear();
        lastOfPlan.Clear();
        Interlocked.Exchange(ref lastOfPlans, 0);
        Interlocked.Exchange(ref heardOf, 0);
        isBehind = true;
        // Last: a page that asks meanwhile goes by no place of before.
        (views, slots, going) = (new ViewBook(client, clock), new SlotBook(client, clock, ending.Token), new GoingBook(client, clock, ending.Token));
        (uncovered, plans) = (new KeptAnswer<UncoveredShape>(client.UncoveredAsync, clock, ending.Token), new KeptAnswer<PlansShape>(client.PlansAsync, clock, ending.Token));
    }

    /// <summary>What is known of droplets, and of what goes, may be otherwise after it.</summary>
    private void Note(LogEventShape[] events, bool isFirst)
    {
        foreach (var e in events)
        {
            if (e.DropletId is { } droplet)
            {
                lastOf[droplet] = e.Sequence;
            }

            if (e.Stream.StartsWith(PlanStream, StringComparison.Ordinal))
            {
                lastOfPlan[e.Stream[PlanStream.Length..]] = e.Sequence;
                Interlocked.Exchange(ref lastOfPlans, e.Sequence);
            }

            Interlocked.Exchange(ref heardOf, e.Sequence);
        }

        // What happened well before anything was asked for is in all that was asked for.
        var news = isFirst ? events.Where(e => e.At > State.Status?.At - Around) : events;
        var changes = news.Select(e => e.Type).Where(ChangesGoing.Contains).ToHashSet(StringComparer.Ordinal);
        if (changes.Count > 0)
        {
            going.Outdate(atOnce: changes.Contains(Release));
        }
    }

    private Task PauseAsync(TimeSpan pause) => Task.Delay(pause, clock, ending.Token);

    private void Become(FeedState next)
    {
        State = next with { Revision = State.Revision + 1 };
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
