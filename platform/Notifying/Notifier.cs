using DoSnapshot.Hosting.Notices;
using DoSnapshot.Notifying.Channels;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Notifying;

/// <summary>
/// Tells by every channel what has come on, what lasts and what is over. What a channel cannot tell now it tells later; what it has told, no other leader
/// tells again. A process that ends between telling and writing that down tells once more rather than not at all.
/// </summary>
public sealed class Notifier
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly NotificationOptions options;
    private readonly INoticeBook book;
    private readonly IBelievedTime time;
    private readonly TimeProvider clock;
    private readonly ILogger<Notifier> logger;
    private readonly Way[] ways;

    /// <summary>Tells by these channels, with what is believed to be the time: by a wrong clock all would be told again, or nothing for long.</summary>
    /// <param name="options">The paces.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="book">What was told.</param>
    /// <param name="time">By it is told and written down.</param>
    /// <param name="clock">Measures the pauses of a channel that fails.</param>
    /// <param name="logger">Told what was told, and what could not be.</param>
    public Notifier(
        NotificationOptions options, IEnumerable<INoticeChannel> channels, INoticeBook book, IBelievedTime time, TimeProvider clock, ILogger<Notifier> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.book = book;
        this.time = time;
        this.clock = clock;
        this.logger = logger;
        ways = [.. channels.Select(c => new Way(c))];
    }

    /// <summary>Whether there is anybody to tell.</summary>
    public bool HasChannels => ways.Length > 0;

    /// <summary>One look.</summary>
    /// <param name="on">The conditions that are on.</param>
    /// <param name="open">The keys of those of which it is not known yet whether they are: they are neither new nor over.</param>
    /// <param name="ct">Ends it.</param>
    public async Task LookAsync(IReadOnlyList<Condition> on, IReadOnlySet<string> open, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(open);
        foreach (var way in ways.Where(w => w.IsDue(clock)))
        {
            try
            {
                await TellAsync(way.Channel, on, open, ct);
                way.GotOn();
            }
#pragma warning disable CA1031 // Whatever keeps one channel from telling keeps neither the others nor the planner from their work.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var pause = way.Failed(clock, options.LookEvery, LongestPause);
                logger.ChannelFailed(way.Channel.Name, e.Message, pause.TotalSeconds);
            }
        }
    }

    private async Task TellAsync(INoticeChannel channel, IReadOnlyList<Condition> on, IReadOnlySet<string> open, CancellationToken ct)
    {
        var now = time.Believed;
        var plan = Telling.Decide(on, open, await book.ReadAsync(channel.Name, ct), now, options.RepeatAfter);
        await book.WriteAsync(channel.Name, plan.Silent, [], ct);
        if (plan.Notices.Length > 0)
        {
            // A book that cannot be written would have it told again and again.
            await book.ProveAsync(channel.Name, ct);
            await channel.TellAsync(plan.Notices, now, ct);
            await book.WriteAsync(channel.Name, plan.Written, plan.Over, ct);
            logger.Told(channel.Name, plan.Notices.Length);
        }
    }

    private sealed class Way(INoticeChannel channel)
    {
        private int failures;
        private long failedAt;
        private TimeSpan pause;

        public INoticeChannel Channel => channel;

        public bool IsDue(TimeProvider clock) => failures == 0 || clock.GetElapsedTime(failedAt) >= pause;

        public void GotOn() => failures = 0;

        public TimeSpan Failed(TimeProvider clock, TimeSpan first, TimeSpan longest)
        {
            var growing = first * Math.Pow(2, Math.Min(failures++, 10));
            (failedAt, pause) = (clock.GetTimestamp(), growing < longest ? growing : longest);
            return pause;
        }
    }
}
