using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Live;

/// <summary>What goes in the next days, worked out once for all pages of a caller, and anew when it says no longer what is to come.</summary>
internal sealed class GoingBook
{
    /// <summary>What goes changes slowly, and the whole fleet is played forward for it.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>What could not be had is asked for again sooner.</summary>
    private static readonly TimeSpan TroubleLasts = TimeSpan.FromMinutes(1);

    /// <summary>Of a small fleet an answer is there at once; more than this is never asked for.</summary>
    private static readonly TimeSpan LeastApart = TimeSpan.FromSeconds(10);

    /// <summary>Of a large fleet, where something goes all the time, the API is not to be kept busy with nothing else.</summary>
    private const int TimesAsLong = 10;

    private readonly ApiClient client;
    private readonly TimeProvider clock;
    private readonly CancellationToken ending;
    private readonly Lock gate = new();
    private readonly Dictionary<int, Asked> asked = [];

    /// <summary>Empty.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="clock">Says how old an answer is.</param>
    /// <param name="ending">Ends what is asked.</param>
    public GoingBook(ApiClient client, TimeProvider clock, CancellationToken ending)
    {
        (this.client, this.clock, this.ending) = (client, clock, ending);
    }

    /// <summary>As far as it is known already, and for how many days; null where nothing is.</summary>
    public (int Days, ForecastShape Forecast)? Known
    {
        get
        {
            lock (gate)
            {
                return asked.Where(a => a.Value.Task.IsCompletedSuccessfully).OrderByDescending(a => a.Key).Select(a => ((int, ForecastShape)?)(a.Key, a.Value.Task.Result.Forecast)).FirstOrDefault();
            }
        }
    }

    /// <summary>The answer, asked for anew where it is old.</summary>
    /// <param name="days">For how many days.</param>
    /// <param name="now">The moment by the account's clock, as last heard; null where nothing was.</param>
    /// <param name="anew">Whether an answer that is there already is not enough.</param>
    /// <exception cref="ApiTroubleException">It cannot be had.</exception>
    public async Task<ForecastShape> OfAsync(int days, DateTimeOffset? now, bool anew)
    {
        Task<Answer> answer;
        lock (gate)
        {
            if (!asked.TryGetValue(days, out var last) || (last.Task.IsCompleted && (anew || IsOld(last, now))))
            {
                // On no page's own thread: it goes on when the page that asked first is left.
                asked[days] = last = new Asked(clock.GetTimestamp(), Task.Run(() => AskAsync(days), ending));
            }

            answer = last.Task;
        }

        return (await answer).Forecast;
    }

    /// <summary>Whether <see cref="OfAsync"/> would ask for it.</summary>
    public bool IsOld(int days, DateTimeOffset? now)
    {
        lock (gate)
        {
            return !asked.TryGetValue(days, out var last) || (last.Task.IsCompleted && IsOld(last, now));
        }
    }

    /// <summary>
    /// Something has happened that changes it. What is known stays until it is worked out anew: when it is wanted next, and long enough after it was worked out last.
    /// </summary>
    /// <param name="atOnce">Whether it is not to be waited for this once: it would tell of something that is over, which somebody waits for.</param>
    public void Outdate(bool atOnce)
    {
        lock (gate)
        {
            foreach (var (days, last) in asked.ToList())
            {
                // Also where it is being worked out: it may have been read before it happened.
                asked[days] = last with { IsOutdated = true, IsWaitedFor = last.IsWaitedFor || atOnce };
            }
        }
    }

    /// <summary>Something was commanded that changes it: it is worked out anew when it is wanted next.</summary>
    public void Forget()
    {
        lock (gate)
        {
            asked.Clear();
        }
    }

    private async Task<Answer> AskAsync(int days)
    {
        var began = clock.GetTimestamp();
        var forecast = await client.ForecastAsync(null, days, staying: false, ending);
        // What goes already goes 'now', as long as it takes, and for ever where it is stuck: it says nothing of when something will be otherwise.
        var first = forecast.Snapshots.Where(s => s.Goes?.At > forecast.At).Min(s => s.Goes?.At);
        return new Answer(forecast, first, clock.GetElapsedTime(began));
    }

    private bool IsOld(Asked last, DateTimeOffset? now)
    {
        var age = clock.GetElapsedTime(last.At);
        if (!last.Task.IsCompletedSuccessfully)
        {
            return age > TroubleLasts;
        }

        var (_, first, took) = last.Task.Result;
        var apart = took * TimesAsLong > LeastApart ? took * TimesAsLong : LeastApart;
        // What was to go first should have gone by now: by a clock that is fast, or soon after the answer.
        return last.IsWaitedFor || (age > apart && (last.IsOutdated || age > Lasts || first <= now));
    }

    private sealed record Asked(long At, Task<Answer> Task)
    {
        /// <summary>Something has happened since that changes it.</summary>
        public bool IsOutdated { get; init; }

        /// <summary>Something has happened since that is waited for.</summary>
        public bool IsWaitedFor { get; init; }
    }

    private sealed record Answer(ForecastShape Forecast, DateTimeOffset? First, TimeSpan Took);
}
