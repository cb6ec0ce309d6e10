using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;

namespace DoSnapshot.Hosting;

/// <summary>
/// A process that was told to end does so in time, whatever holds it. Connections to servers that went without a word, as they do when everything is taken away at
/// once, are let go of no sooner than half a minute later, some by threads that wait for them; a container is killed before, which looks like a fault. Nothing is lost
/// by it: what was in hand is found in the log, as after any crash.
/// </summary>
public sealed class TimelyEnd : IDisposable
{
    /// <summary>How long a service takes at most, from being told to its end: what manages containers usually kills after ten seconds.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(8.5);

    /// <summary>Ending itself runs code of others, which may wait as well.</summary>
    private static readonly TimeSpan LongestExit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ended = new();

    private TimelyEnd()
    {
    }

    /// <summary>Sees to it, until this is disposed of: when all has ended in time.</summary>
    /// <param name="app">What is told to end.</param>
    /// <param name="limit">How long it may take from then on.</param>
    /// <param name="code">The exit code then; asked for at that moment.</param>
    public static TimelyEnd Of(WebApplication app, TimeSpan limit, Func<int> code)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(code);
        var end = new TimelyEnd();
        app.Lifetime.ApplicationStopping.Register(() => end.After(limit, () =>
        {
            end.After(LongestExit, () => EndAtOnce(code()));
            Console.Error.WriteLine($"Not everything had ended {limit.TotalSeconds:0.#} seconds after it was told to. It is left to the system.");
            Environment.Exit(code());
        }));
        return end;
    }

    /// <inheritdoc/>
    public void Dispose() => ended.Cancel();

    /// <summary>Without anybody being asked any more.</summary>
    private static void EndAtOnce(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Process.GetCurrentProcess().Kill();
        }

        ExitOfTheSystem(code);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitOfTheSystem(int code);

    /// <summary>On a thread of its own: those of the pool may be what waits.</summary>
    private void After(TimeSpan wait, Action act) => new Thread(() =>
    {
        if (!ended.Token.WaitHandle.WaitOne(wait))
        {
            act();
        }
    })
    { IsBackground = true, Name = nameof(TimelyEnd) }.Start();
}
