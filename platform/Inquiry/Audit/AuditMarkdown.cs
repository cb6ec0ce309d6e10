using System.Globalization;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>An audit's report for people, fit to be filed: Markdown.</summary>
public static class AuditMarkdown
{
    /// <summary>Writes the report.</summary>
    public static void Write(AuditReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine("# Audit of retention decisions");
        output.WriteLine();
        output.WriteLine(report.Holds
            ? "**Everything that was judged is borne out by the log.**"
            : $"**{Counted(report.Counts.Errors, "error")} found.** The log does not bear out what is named below.");
        output.WriteLine();
        WriteScope(report, output);
        WriteCounts(report.Counts, output);
        WriteFindings(report, output);
        WriteOpen(report, output);
        WriteManual(report, output);
    }

    private static void WriteScope(AuditReport report, TextWriter output)
    {
        var terms = report.Terms;
        output.WriteLine($"- As of {Words.Of(report.AsOf)}; the last event, {report.LastSequence.ToString(CultureInfo.InvariantCulture)}, is of {(report.LastEventAt is { } last ? Words.Of(last) : "no time: the log is empty")}");
        output.WriteLine($"- Judged: {(terms.From is { } from ? $"from {Words.Of(from)}" : "from the beginning")} {(terms.To is { } to ? $"to {Words.Of(to)}" : "to the end")}, {(terms.Droplets is { } droplets ? $"droplets {string.Join(", ", droplets.Order())}" : "every droplet")}. All of the log was replayed.");
        output.WriteLine("- Each decision was made again at its own moment, by what the log knew right before it and by the plan's version of that moment. What DigitalOcean showed then is not in the log; that a name and a time of making were compared before a deletion is told by the intent alone.");
        output.WriteLine();
    }

    private static void WriteCounts(AuditCounts c, TextWriter output)
    {
        output.WriteLine("## Counts");
        output.WriteLine();
        WriteTable(
            output,
            ["What", "Number"],
            ((string, long)[])
            [
                ("Events replayed", c.Events), ("Streams", c.Streams), ("Decisions to remove a snapshot", c.Decisions), ("Decided again", c.Replayed), ("Confirmed", c.Confirmed),
                ("Explained by a manual command", c.Manual), ("Differing", c.Differing), ("Not to be decided again", c.NotReplayed), ("Deletions begun", c.Deletions),
                ("Deletions borne out", c.DeletionsConfirmed), ("Expiries ended: image gone", c.Pruned), ("Expiries ended: taken back", c.Withdrawn),
                ("Expiries ended: refused", c.Refused), ("Expiries ended: lost to somebody else", c.Lost), ("Expiries without an end yet", c.Open), ("Errors", c.Errors), ("Warnings", c.Warnings),
            ],
            row => [row.Item1, row.Item2.ToString(CultureInfo.InvariantCulture)]);
    }

    private static void WriteFindings(AuditReport report, TextWriter output)
    {
        output.WriteLine("## Findings");
        output.WriteLine();
        if (report.Findings.IsEmpty)
        {
            output.WriteLine("None.");
            output.WriteLine();
            return;
        }

        foreach (var (index, f) in report.Findings.Index())
        {
            output.WriteLine($"{index + 1}. **{f.Severity}, {f.Kind}**: {Plain(f.What)}.");
            output.WriteLine($"   - {(f.At is { } at ? Words.Of(at) : "at a time that the event does not say")}, event {f.Sequence} ({f.EventId}) of stream {Plain(f.Stream)}");
            WriteAbout(f, output);
            if (f.Recorded is { } recorded)
            {
                output.WriteLine($"   - recorded: {Plain(recorded)}");
            }

            if (f.Replayed is { } replayed)
            {
                output.WriteLine($"   - decided again: {Plain(replayed)}");
            }
        }

        output.WriteLine();
        if (report.FindingsCut > 0)
        {
            output.WriteLine($"The list is cut: there are {report.FindingsCut} more findings.");
            output.WriteLine();
        }
    }

    private static void WriteAbout(Finding f, TextWriter output)
    {
        string[] about =
        [
            .. f.SnapshotId is { } snapshot ? [$"snapshot {(f.SnapshotName is { } name ? $"'{Plain(name)}' " : "")}({snapshot})"] : Array.Empty<string>(),
            .. f.DropletId is { } droplet ? [$"droplet {droplet}{(f.DropletName is { } of ? $" ('{Plain(of)}')" : "")}"] : Array.Empty<string>(),
            .. f.Plan is { } plan ? [$"plan '{Plain(plan)}'{(f.PlanVersion is { } version ? $", version {version}" : "")}"] : Array.Empty<string>(),
        ];
        if (about.Length > 0)
        {
            output.WriteLine($"   - {string.Join("; ", about)}");
        }
    }

    private static void WriteOpen(AuditReport report, TextWriter output)
    {
        output.WriteLine("## Expiries without an end yet");
        output.WriteLine();
        if (report.Open.IsEmpty)
        {
            output.WriteLine("None.");
            output.WriteLine();
            return;
        }

        WriteTable(
            output,
            ["Snapshot", "Droplet", "Decided", "Age", "By", "Trouble"],
            report.Open,
            o => [o.SnapshotName, $"{o.DropletName} ({o.DropletId})", Words.Of(o.DecidedAt), Words.Of(o.Age), o.Rule ?? "hand", o.Trouble ?? ""]);
        WriteCut(report.Counts.Open - report.Open.Length, output);
    }

    private static void WriteManual(AuditReport report, TextWriter output)
    {
        if (report.ManualRemovals.IsEmpty)
        {
            return;
        }

        output.WriteLine("## Removals by hand");
        output.WriteLine();
        WriteTable(
            output,
            ["Snapshot", "Droplet", "At", "By", "Why"],
            report.ManualRemovals,
            m => [m.SnapshotName, m.DropletId.ToString(CultureInfo.InvariantCulture), Words.Of(m.At), m.Actor ?? "not said", m.Reason ?? "not said"]);
        WriteCut(report.Counts.Manual - report.ManualRemovals.Length, output);
    }

    private static void WriteCut(long more, TextWriter output)
    {
        if (more > 0)
        {
            output.WriteLine($"The list is cut: there are {more} more.");
            output.WriteLine();
        }
    }

    private static void WriteTable<T>(TextWriter output, string[] heads, IReadOnlyList<T> rows, Func<T, string[]> cells)
    {
        output.WriteLine($"| {string.Join(" | ", heads)} |");
        output.WriteLine($"|{string.Concat(heads.Select(_ => " --- |"))}");
        foreach (var row in rows)
        {
            output.WriteLine($"| {string.Join(" | ", cells(row).Select(Plain))} |");
        }

        output.WriteLine();
    }

    /// <summary>Text of others, such as names and reasons, must not become markup or break a table.</summary>
    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                _ when char.IsControl(letter) => plain.Append(' '),
                '\\' or '|' or '*' or '_' or '`' or '<' or '>' or '[' or ']' or '#' => plain.Append('\\').Append(letter),
                _ => plain.Append(letter),
            };
        }

        return plain.ToString();
    }

    private static string Counted(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
