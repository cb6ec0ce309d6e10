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
    private readonly TimeProvider clock;
    private readonly ILogger<Notifier> logger;
    private readonly Way[] ways;

    /// <summary>Tells by these channels.</summary>
    public Notifier(NotificationOptions options, IEnumerable<INoticeChannel> channels, INoticeBook book, TimeProvider clock, ILogger<Notifier> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.book = book;
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
        foreach (var way in ways.Where(w => w.NextTry <= clock.GetUtcNow()))
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
                var pause = way.Failed(clock.GetUtcNow(), options.LookEvery, LongestPause);
                logger.ChannelFailed(way.Channel.Name, e.Message, pause.TotalSeconds);
            }
        }
    }

    private async Task TellAsync(INoticeChannel channel, IReadOnlyList<Condition> on, IReadOnlySet<string> open, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
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

        public INoticeChannel Channel => channel;

        public DateTimeOffset NextTry { get; private set; } = DateTimeOffset.MinValue;

        public void GotOn() => (failures, NextTry) = (0, DateTimeOffset.MinValue);

        public TimeSpan Failed(DateTimeOffset now, TimeSpan first, TimeSpan longest)
        {
            var pause = first * Math.Pow(2, Math.Min(failures++, 10));
            pause = pause < longest ? pause : longest;
            NextTry = now + pause;
            return pause;
        }
    }
}
