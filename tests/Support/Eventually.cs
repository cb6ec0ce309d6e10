namespace DoSnapshot.Tests.Support;

/// <summary>Waits for a condition, where a test has nothing to await.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>True as soon as the condition holds, false when it does not within the limit (default 30 s).</summary>
    public static async Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan? limit = null, CancellationToken cancellationToken = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (limit ?? TimeSpan.FromSeconds(30)))
            {
                return false;
            }
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
        return true;
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan?, CancellationToken)"/>
    public static Task<bool> HoldsAsync(Func<bool> condition, TimeSpan? limit = null, CancellationToken cancellationToken = default) =>
        HoldsAsync(() => Task.FromResult(condition()), limit, cancellationToken);
}
