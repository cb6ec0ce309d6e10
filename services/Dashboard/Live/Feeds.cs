namespace DoSnapshot.Dashboard.Live;

/// <summary>
/// A feed for each token in use: however many pages a caller has open, the API is asked once for all of them, and for each caller by its own token. One that
/// nobody uses any more goes on for a little while, so that a page that is loaded anew is there at once.
/// </summary>
internal sealed class Feeds : IAsyncDisposable
{
    private static readonly TimeSpan Lingers = TimeSpan.FromSeconds(30);

    private readonly ApiClients clients;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, Use> feeds = new(StringComparer.Ordinal);

    public Feeds(ApiClients clients, TimeProvider clock)
    {
        (this.clients, this.clock) = (clients, clock);
    }

    /// <summary>Uses the feed of a token, which ends some time after its last user.</summary>
    public FeedLease Open(string? token)
    {
        var key = token ?? "";
        lock (gate)
        {
            if (!feeds.TryGetValue(key, out var use))
            {
                use = new Use(new Feed(clients.Of(token), clock));
                feeds[key] = use;
                use.Feed.Start();
            }

            use.Users++;
            use.Opened++;
            return new FeedLease(use.Feed, atOnce => CloseAsync(key, use, atOnce));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<Feed> all;
        lock (gate)
        {
            all = [.. feeds.Values.Select(f => f.Feed)];
            feeds.Clear();
        }

        await ending.CancelAsync();
        foreach (var feed in all)
        {
            await feed.DisposeAsync();
        }

        ending.Dispose();
    }

    private async ValueTask CloseAsync(string key, Use use, bool atOnce)
    {
        long opened;
        lock (gate)
        {
            use.Users--;
            opened = use.Opened;
            if (use.Users > 0 || ending.IsCancellationRequested)
            {
                return;
            }
        }

        // Whom the API does not know any more is not asked for again and again.
        if (atOnce || use.Feed.State.IsSignedOut)
        {
            await EndAsync(key, use, opened);
        }
        else
        {
            _ = EndLaterAsync(key, use, opened);
        }
    }

    private async Task EndLaterAsync(string key, Use use, long opened)
    {
        await Task.Delay(Lingers, clock, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(key, use, opened);
    }

    /// <summary>Ends it, unless somebody has opened it since.</summary>
    private async ValueTask EndAsync(string key, Use use, long opened)
    {
        lock (gate)
        {
            if (use.Users > 0 || use.Opened != opened || !feeds.TryGetValue(key, out var known) || !ReferenceEquals(known, use))
            {
                return;
            }

            feeds.Remove(key);
        }

        await use.Feed.DisposeAsync();
    }

    /// <summary>A feed with those who use it.</summary>
    private sealed class Use
    {
        public Use(Feed feed)
        {
            Feed = feed;
        }

        public Feed Feed { get; }

        public int Users { get; set; }

        /// <summary>How often it was opened: a wait for its end is over when somebody has come meanwhile.</summary>
        public long Opened { get; set; }
    }
}

/// <summary>The use of a feed.</summary>
internal sealed class FeedLease : IAsyncDisposable
{
    private Func<bool, ValueTask>? close;

    public FeedLease(Feed feed, Func<bool, ValueTask> close)
    {
        (Feed, this.close) = (feed, close);
    }

    /// <summary>The feed.</summary>
    public Feed Feed { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(atOnce: false);

    /// <summary>Ends the use.</summary>
    /// <param name="atOnce">Whether the feed ends with its last user, and not some time after.</param>
    public ValueTask CloseAsync(bool atOnce) => Interlocked.Exchange(ref close, null)?.Invoke(atOnce) ?? ValueTask.CompletedTask;
}
