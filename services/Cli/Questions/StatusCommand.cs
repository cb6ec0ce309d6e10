using System.CommandLine;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;
using DoSnapshot.Operating.Answers;

namespace DoSnapshot.Cli.Questions;

/// <summary><c>status</c>: how the droplets and their snapshots stand.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var shared = new QuestionOptions();
        var command = new Command("status", "Says how each droplet stands, worst first: its last good snapshot, what is due, at work, put off or failed, and why.");
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskOpenedAsync(
            parsed,
            (opened, now) => RunAsync(
                opened.Log,
                now,
                shared.IsJson(parsed),
                Surroundings.Of(parsed).Output,
                ct,
                // At the same time as the log is read: each is on a session of its own.
                Task.Run<RunningState?>(async () => await new LogDatabase(opened.ConnectionString).RunningAsync(ct), ct)),
            () => new ApiQuestion("status", []),
            ct));
        return command;
    }

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="now">The moment.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="running">What runs on the log; null where that cannot be known.</param>
    public static async Task<int> RunAsync(
        IEventLog log, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct, Task<RunningState?>? running = null)
    {
        var status = FleetStatus.Of(await log.LoadLedgersAsync(null, ct), now, new LifecycleTimings());
        await StatusAnswer.WriteAsync(status, json, output, running is null ? null : await running);
        return ExitCodes.Done;
    }
}
