using System.Globalization;
using DoSnapshot.Benchmarks;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Questions.Benchmarks.Asking;
using DoSnapshot.Questions.Benchmarks.Generating;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Questions.Benchmarks;

/// <summary>Fills a log, asks it everything, and holds the times against what is promised.</summary>
internal static class BenchRun
{
    private const double Megabyte = 1024 * 1024;
    private const int Runs = 10;

    private static readonly TimeSpan StatusWithin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HistoryWithin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CommandWithin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AuditWithin = TimeSpan.FromSeconds(30);

    /// <returns>Whether every promise was kept.</returns>
    public static async Task<bool> RunAsync(BenchOptions options, TextWriter output)
    {
        await using var server = options.Store is null ? await TestPostgres.StartAsync() : null;
        var store = options.Store ?? await server!.CreateDatabaseAsync();
        await FillAsync(store, options, output);
        var sample = await LogSample.TakeAsync(store);
        var events = await LogImport.CountAsync(store);
        await output.WriteLineAsync(
            $"{events} events, {await LogImport.AskAsync(store, $"select count(*) from {LogStore.Schema}.mt_doc_snapshot")} snapshots, "
            + $"{await LogImport.AskAsync(store, $"select count(*) from {LogStore.Schema}.mt_doc_snapshot where live")} of them there, {sample.Droplets.Count} droplets; "
            + $"{await LogImport.AskAsync(store, "select pg_size_pretty(pg_database_size(current_database()))")}; {Environment.ProcessorCount} cores; {server?.Description ?? "PostgreSQL as given"}");
        var kept = true;
        var commands = new CommandTimes(store, options.Command);
        string[][] questions = [["status"], ["history", $"{sample.Snapshots[0].Id}"], ["history", $"{sample.Droplets[0]}"], ["explain", $"{sample.Snapshots[1].Id}"]];
        foreach (var (name, times) in await ServerTimes.MeasureAsync(store, sample, options.Asked, async api => kept &= await AskAsync(["--api", api])))
        {
            await output.WriteLineAsync($"at the server, {name}: {times}");
            kept &= times.Within(0.95) <= (name.StartsWith("status", StringComparison.Ordinal) ? StatusWithin : HistoryWithin);
        }

        kept &= await AskAsync([]);
        return await AuditAsync(commands, output) && kept;

        async Task<bool> AskAsync(string[] place)
        {
            var within = true;
            foreach (var arguments in questions.Select(q => (string[])[.. q, .. place]))
            {
                var times = await commands.MeasureAsync(Runs, arguments);
                await output.WriteLineAsync($"as a command, {string.Join(' ', arguments)}: {times}");
                within &= times.Within(0.95) <= CommandWithin;
            }

            return within;
        }
    }

    private static async Task FillAsync(string store, BenchOptions options, TextWriter output)
    {
        if (await LogImport.CountAsync(store) > 0)
        {
            return;
        }

        var began = TimeProvider.System.GetTimestamp();
        var events = Generator.Make(options, line => Console.Error.WriteLine(line));
        await output.WriteLineAsync($"generated in {Seconds(TimeProvider.System.GetElapsedTime(began))}");
        began = TimeProvider.System.GetTimestamp();
        await LogImport.WriteAsync(store, events);
        await output.WriteLineAsync($"written in {Seconds(TimeProvider.System.GetElapsedTime(began))}");
    }

    private static async Task<bool> AuditAsync(CommandTimes commands, TextWriter output)
    {
        var kept = true;
        foreach (var arguments in (string[][])[["audit"], ["what-if", "-k", "1d:2d", "-k", "0d:30d"], ["rebuild", "--check"]])
        {
            var (took, memory, code, told) = await commands.RunAsync(arguments);
            await output.WriteLineAsync($"{string.Join(' ', arguments)}: {Seconds(took)}, at most {memory / Megabyte:0} MB, exit code {code}");
            foreach (var line in told.Split('\n').Where(l => l.StartsWith('|') && arguments[0] is "audit").Take(12))
            {
                await output.WriteLineAsync($"    {line}");
            }

            kept &= code == 0 && (arguments[0] is not "audit" || took <= AuditWithin);
        }

        return kept;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
