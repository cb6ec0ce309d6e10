namespace DoSnapshot.Dashboard.Live;

/// <summary>A feed for each token in use: however many pages a caller has open, the API is asked once for all of them, and for each caller by its own token.</summary>
internal sealed class Feeds : IAsyncDisposable
{
    private readonly ApiClients clients;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (Feed Feed, int Users)> feeds = new(StringComparer.Ordinal);

    public Feeds(ApiClients clients, TimeProvider clock)
    {
        (this.clients, this.clock) = (clients, clock);
    }

    /// <summary>Uses the feed of a token, which ends with its last user.</summary>
    public FeedLease Open(string? token)
    {
        var key = token ?? "";
        lock (gate)
        {
            var (feed, users) = feeds.TryGetValue(key, out var known) ? known : (new Feed(clients.Of(token), clock), 0);
            if (users == 0)
            {
                feed.Start();
            }

            feeds[key] = (feed, users + 1);
            return new FeedLease(feed, () => CloseAsync(key));
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

        foreach (var feed in all)
        {
            await feed.DisposeAsync();
        }
    }

    private async ValueTask CloseAsync(string key)
    {
        Feed? last = null;
        lock (gate)
        {
            if (feeds.TryGetValue(key, out var known))
            {
                if (known.Users > 1)
                {
                    feeds[key] = (known.Feed, known.Users - 1);
                }
                else
                {
                    feeds.Remove(key);
                    last = known.Feed;
                }
            }
        }

        if (last is not null)
        {
            await last.DisposeAsync();
        }
    }
}

/// <summary>The use of a feed.</summary>
internal sealed class FeedLease : IAsyncDisposable
{
    private Func<ValueTask>? close;

    public FeedLease(Feed feed, Func<ValueTask> close)
    {
        (Feed, this.close) = (feed, close);
    }

    /// <summary>The feed.</summary>
    public Feed Feed { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref close, null)?.Invoke() ?? ValueTask.CompletedTask;
}
