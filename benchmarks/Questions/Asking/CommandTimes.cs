using System.Diagnostics;
using System.Globalization;
using DoSnapshot.Benchmarks;

namespace DoSnapshot.Questions.Benchmarks.Asking;

/// <summary>Runs the command as its user does: a process for each question.</summary>
internal sealed class CommandTimes
{
    private readonly string store;
    private readonly string command;

    public CommandTimes(string store, string? command)
    {
        this.store = store;
        this.command = command ?? Path.Combine(AppContext.BaseDirectory, "do-snapshot.dll");
    }

    /// <summary>Runs a question some times.</summary>
    public async Task<Times> MeasureAsync(int times, params string[] arguments)
    {
        var measured = new Times();
        for (var i = 0; i <= times; i++)
        {
            var (took, _, code, _) = await RunAsync(isWatched: false, arguments);
            if (code != 0)
            {
                throw new InvalidOperationException($"do-snapshot {string.Join(' ', arguments)} ended with {code}.");
            }

            // The first finds neither program nor data in memory.
            if (i > 0)
            {
                measured.Add(took);
            }
        }

        return measured;
    }

    /// <summary>Runs a question once: how long it took, the most memory it had in bytes, its exit code, and its output.</summary>
    public Task<(TimeSpan Took, long Memory, int Code, string Output)> RunAsync(params string[] arguments) => RunAsync(isWatched: true, arguments);

    /// <summary>What is to be timed to the millisecond is not watched: two cores are all that some machines have.</summary>
    private async Task<(TimeSpan Took, long Memory, int Code, string Output)> RunAsync(bool isWatched, params string[] arguments)
    {
        var isProgram = !command.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isProgram ? command : "dotnet", isProgram ? arguments : [command, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        if (!arguments.Contains("--api", StringComparer.Ordinal))
        {
            start.Environment["DO_SNAPSHOT_STORE"] = store;
        }

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var most = 0L;
        using var ended = new CancellationTokenSource();
        var watching = WatchAsync();
        await process.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(began);
        await ended.CancelAsync();
        await watching;
        return (took, most, process.ExitCode, await output);

        async Task WatchAsync()
        {
            while (isWatched && !ended.IsCancellationRequested)
            {
                most = Math.Max(most, PeakOf(process.Id));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return 0;
        }
    }
}
