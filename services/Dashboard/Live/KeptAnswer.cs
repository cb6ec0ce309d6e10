namespace DoSnapshot.Dashboard.Live;

/// <summary>An answer that is asked for once for all pages of a caller, and anew when it is a minute old or something has happened that changes it.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed class KeptAnswer<T>
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    /// <summary>What could not be had is asked for again sooner.</summary>
    private static readonly TimeSpan TroubleLasts = TimeSpan.FromSeconds(5);

    private readonly Func<CancellationToken, Task<T>> ask;
    private readonly TimeProvider clock;
    private readonly CancellationToken ending;
    private readonly Lock gate = new();
    private (long Place, long AskedAt, Task<T> Task)? last;

    /// <summary>Not asked for yet.</summary>
    /// <param name="ask">Asks.</param>
    /// <param name="clock">Says how old an answer is.</param>
    /// <param name="ending">Ends what is asked.</param>
    public KeptAnswer(Func<CancellationToken, Task<T>> ask, TimeProvider clock, CancellationToken ending)
    {
        (this.ask, this.clock, this.ending) = (ask, clock, ending);
    }

    /// <summary>The answer.</summary>
    /// <param name="place">The place in the log of the last event that changes it.</param>
    public Task<T> OfAsync(long place = 0)
    {
        lock (gate)
        {
            if (last is not { } asked || asked.Place < place || (asked.Task.IsCompleted && clock.GetElapsedTime(asked.AskedAt) > (asked.Task.IsCompletedSuccessfully ? Lasts : TroubleLasts)))
            {
                // On no page's own thread: it goes on when the page that asked first is left.
                asked = (place, clock.GetTimestamp(), Task.Run(() => ask(ending), ending));
                last = asked;
            }

            return asked.Task;
        }
    }
}
