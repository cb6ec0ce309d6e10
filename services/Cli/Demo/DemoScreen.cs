using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DoSnapshot.Cli.Demo;

/// <summary>Shows how the demo goes: a live table in a terminal, one plain line a day otherwise.</summary>
internal sealed class DemoScreen
{
    private readonly IAnsiConsole _console;

    public DemoScreen(IAnsiConsole console)
    {
        _console = console;
    }

    /// <summary>Whether the screen can be drawn over.</summary>
    public bool IsLive => _console.Profile.Capabilities.Interactive && _console.Profile.Out.IsTerminal;

    /// <summary>Prints a line as it is: the terminal may fold it, a file must not.</summary>
    public static void Say(string text) => Console.Out.WriteLine(text);

    /// <summary>Runs something that shows its progress.</summary>
    public Task ShowAsync(Func<Action<DemoFrame>, Task> run) => IsLive
        ? _console.Live(new Text("")).StartAsync(context => run(frame =>
        {
            context.UpdateTarget(Draw(frame));
            context.Refresh();
        }))
        : run(frame =>
        {
            if (frame.EndsDay)
            {
                Say(Line(frame));
            }
        });

    private static string Line(DemoFrame f) =>
        $"day {f.Day,3}  {f.Now:yyyy-MM-dd HH:mm}  taken {f.Tally.Taken,4}  pending {f.Pending,2}  in flight {f.InFlight,2}"
        + $"  transferred {f.Tally.Transferred,4}  waiting for a region {f.Waiting,2}  expired {f.Tally.Expired,4}  pruned {f.Tally.Pruned,4}"
        + $"  kept {f.Kept,3}  API requests {f.Requests,5}";

    private static Rows Draw(DemoFrame f)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("droplet", "latest complete")
            .AddColumn(new TableColumn("kept").RightAligned())
            .AddColumn(new TableColumn("now").Width(38));
        foreach (var ledger in f.Tally.Fleet.OrderBy(l => l.Droplet!.Name, StringComparer.Ordinal))
        {
            table.AddRow(Row(ledger));
        }

        return new Rows(
            new Text($"day {f.Day}  {f.Now:yyyy-MM-dd HH:mm} UTC"),
            table,
            new Text($"taken {f.Tally.Taken}   transferred {f.Tally.Transferred}   expired {f.Tally.Expired}   pruned {f.Tally.Pruned}   kept {f.Kept}"),
            new Text($"pending {f.Pending}   in flight {f.InFlight}   waiting for a region {f.Waiting}   API requests {f.Requests}"));
    }

    private static IEnumerable<IRenderable> Row(DropletLedger ledger)
    {
        var latest = ledger.Snapshots.LatestPerDroplet().GetValueOrDefault(ledger.DropletId);
        yield return new Text(ledger.Droplet!.Name);
        yield return new Text(latest is null ? "none" : $"{latest.CreatedAt:yyyy-MM-dd HH:mm}");
        yield return new Text($"{ledger.Snapshots.Count(s => s.IsComplete)}");
        yield return new Text(string.Join(", ", Doing(ledger)));
    }

    /// <summary>What is under way for a droplet, in words.</summary>
    private static IEnumerable<string> Doing(DropletLedger ledger)
    {
        if (ledger.Snapshots.LastOrDefault(s => s.InFlight || s.Phase is SnapshotPhase.Requested) is { } open)
        {
            yield return open.InFlight ? $"snapshot since {open.AttemptedAt:HH:mm}" : "snapshot wanted";
        }

        var copies = ledger.Snapshots.AwaitingRegions(ledger.Plan!).Count();
        if (copies > 0)
        {
            yield return $"copying {copies}";
        }

        var going = ledger.Snapshots.ExpiredNotGone().Count();
        if (going > 0)
        {
            yield return $"deleting {going}";
        }
    }
}

/// <summary>What is shown at one moment.</summary>
/// <param name="Day">The simulated day, from 1.</param>
/// <param name="Now">The demo's time.</param>
/// <param name="EndsDay">Whether a day has just ended.</param>
/// <param name="Tally">What the log says.</param>
/// <param name="Requests">How many requests the practice account has answered.</param>
internal sealed record DemoFrame(int Day, DateTimeOffset Now, bool EndsDay, DemoTally Tally, long Requests)
{
    public int Pending => Tally.Snapshots.Pending().Count();

    public int InFlight => Tally.Snapshots.InFlight().Count();

    public int Waiting => Tally.Fleet.Where(l => l.Plan is not null).Sum(l => l.Snapshots.AwaitingRegions(l.Plan!).Count());

    public int Kept => Tally.Snapshots.Count(s => s.IsComplete);
}
