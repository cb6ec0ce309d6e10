namespace DoSnapshot.Load.Benchmarks;

/// <summary>A worker's queue, which its replicas take from. What fails is tried as often as a worker does, and counted.</summary>
internal sealed class WorkQueue<T>(TimeProvider clock)
{
    private const int Tries = 7;

    private readonly Queue<T> _messages = new();
    private readonly Queue<TaskCompletionSource<T>> _idle = new();

    /// <summary>The most messages that ever waited.</summary>
    public int Longest { get; private set; }

    public int Length => _messages.Count;

    /// <summary>Messages that failed for good.</summary>
    public int Failed { get; private set; }

    public void Put(T message)
    {
        if (_idle.TryDequeue(out var consumer))
        {
            consumer.SetResult(message);
            return;
        }

        _messages.Enqueue(message);
        Longest = Math.Max(Longest, _messages.Count);
    }

    /// <summary>Takes messages, one after the other, for ever.</summary>
    public async Task ConsumeAsync(Func<T, Task> handle)
    {
        while (true)
        {
            var message = _messages.TryDequeue(out var waiting) ? waiting : await NextAsync().ConfigureAwait(false);
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await handle(message).ConfigureAwait(false);
                    break;
                }
#pragma warning disable CA1031 // Whatever it was, the worker's queue tries again.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    if (attempt == Tries)
                    {
                        Failed++;
                        await Console.Error.WriteLineAsync($"{message}: {e.Message}").ConfigureAwait(false);
                        break;
                    }
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200 * Math.Pow(2, attempt)), clock).ConfigureAwait(false);
            }
        }
    }

    private Task<T> NextAsync()
    {
        var next = new TaskCompletionSource<T>();
        _idle.Enqueue(next);
        return next.Task;
    }
}
