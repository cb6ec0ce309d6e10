using System.Globalization;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Operating.Answers;

/// <summary>How the droplets and their snapshots stand.</summary>
internal static class StatusAnswer
{
    /// <summary>Answers as of a moment that is past: the log is read from its beginning up to there.</summary>
    /// <param name="log">The log.</param>
    /// <param name="at">The moment; events of later are not counted.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task WritePastAsync(IEventLog log, DateTimeOffset at, bool json, TextWriter output, CancellationToken ct)
    {
        var fleet = new FleetReplay();
        await foreach (var e in log.ReadAllAsync(ct))
        {
            // Times are of several clocks: what is of later does not end the reading, and is not counted.
            if (!(Moments.Of(e.Data) > at))
            {
                fleet.Fold(e);
            }
        }

        await WriteAsync(FleetStatus.Of([.. fleet.Droplets.Select(d => d.Ledger(fleet.Plans.Current, at))], at, new LifecycleTimings()), json, output, running: null);
    }

    /// <summary>Answers with what is known already.</summary>
    /// <param name="status">How they stand.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="running">What runs on the log; null where that cannot be known.</param>
    public static async Task WriteAsync(FleetStatus status, bool json, TextWriter output, RunningState? running)
    {
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                Write(status, writer);
                if (running is not null)
                {
                    RunningWords.Write(running, writer);
                }
            });
        }
        else
        {
            await TellAsync(status, output);
            foreach (var line in running is null ? [] : RunningWords.Of(running, status.At))
            {
                await output.WriteLineAsync(ShownText.Of(line));
            }
        }
    }

    private static async Task TellAsync(FleetStatus status, TextWriter output)
    {
        var c = status.Counts;
        if (c.Droplets == 0)
        {
            await output.WriteLineAsync("No droplet is in a plan, and the log knows no snapshot.");
            return;
        }

        new TextTable<DropletStatus>()
            .Left("DROPLET", d => d.Name)
            .Left("PLAN", d => d.Plan ?? "-")
            .Left("STATE", d => Name(d.Condition))
            .Left("LAST GOOD", d => d.LastGood is { } good ? $"{Span(good.Age)} ago" : "none")
            .Left("NEXT DUE", d => d.NextDue is { } due ? due <= status.At ? "now" : $"in {Span(due - status.At)}" : "-")
            .Right("SNAPSHOTS", d => d.Snapshots.ToString(CultureInfo.InvariantCulture))
            .Right("GB", d => d.Gigabytes.ToString("0.##", CultureInfo.InvariantCulture))
            .Left("REMARKS", d => string.Join("; ", Remarks(d)))
            .Write(status.Droplets, output);
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{c.Droplets} droplets, {c.Unwell} to look at; {c.Snapshots} snapshots, {c.Gigabytes:0.##} GB; {c.Pending} asked for, {c.AtWork} at work, {c.AwaitingTransfer} copies to come, {c.Deferred} put off; {c.Going} to go, {c.Held} held."));
        foreach (var brake in status.Brakes)
        {
            await output.WriteLineAsync(ShownText.Of($"The brake is on: {brake}."));
        }

        foreach (var release in status.Releases)
        {
            await output.WriteLineAsync(ShownText.Of($"The brake is released: {release}. What it held goes; a pause of the plan stops that."));
        }
    }

    private static IEnumerable<string> Remarks(DropletStatus d)
    {
        foreach (var alarm in d.Alarms)
        {
            yield return alarm.Text;
        }

        if (d.Failure is { } failure)
        {
            yield return $"the last one was given up: {failure}";
        }

        foreach (var p in d.Pending)
        {
            yield return $"'{p.Name}' {Name(p.Phase)}{(p.Trouble is { } trouble ? $", {trouble}" : "")}{(p.RetryAt is { } retry ? $", again from {Stamp.Of(retry)}" : "")}";
        }

        // Dozens of old snapshots of one droplet may wait for the same.
        foreach (var same in d.Transfers.GroupBy(t => (t.Region, t.Phase, t.Trouble)))
        {
            var (region, phase, trouble) = same.Key;
            yield return $"{(same.Count() > 1 ? $"{same.Count()} copies" : "copy")} to {region} {(phase is { } known ? Name(known) : "due")}{(trouble is not null ? $", {trouble}" : "")}{(same.Min(t => t.RetryAt) is { } retry ? $", again from {Stamp.Of(retry)}" : "")}";
        }

        if (d.Going > 0)
        {
            yield return $"{d.Going} to go";
        }

        if (d.Held > 0)
        {
            yield return $"{d.Held} held";
        }

        if (d.Pinned > 0)
        {
            yield return $"{d.Pinned} pinned";
        }
    }

    private static void Write(FleetStatus status, Utf8JsonWriter json)
    {
        var c = status.Counts;
        json.WriteString("at", Stamp.Of(status.At));
        json.WriteStartObject("counts");
        foreach (var (name, value) in ((string, decimal)[])
        [
            ("droplets", c.Droplets), ("unwell", c.Unwell), ("snapshots", c.Snapshots), ("gigabytes", c.Gigabytes), ("pending", c.Pending), ("atWork", c.AtWork),
            ("awaitingTransfer", c.AwaitingTransfer), ("deferred", c.Deferred), ("going", c.Going), ("held", c.Held),
        ])
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("brakes");
        foreach (var brake in status.Brakes)
        {
            json.WriteStringValue(brake);
        }

        json.WriteEndArray();
        json.WriteStartArray("releases");
        foreach (var release in status.Releases)
        {
            json.WriteStringValue(release);
        }

        json.WriteEndArray();
        json.WriteObjects("droplets", status.Droplets, d => Write(d, json));
    }

    private static void Write(DropletStatus d, Utf8JsonWriter json)
    {
        json.WriteNumber("dropletId", d.DropletId);
        json.WriteString("name", d.Name);
        json.WriteString("plan", d.Plan);
        LeftPlansJson.Write(json, d.LeftPlans);
        json.WriteString("state", Name(d.Condition));
        json.WriteString("nextDue", d.NextDue is { } due ? Stamp.Of(due) : null);
        json.WriteNumber("snapshots", d.Snapshots);
        json.WriteNumber("gigabytes", d.Gigabytes);
        json.WriteNumber("going", d.Going);
        json.WriteNumber("held", d.Held);
        json.WriteNumber("pinned", d.Pinned);
        json.WriteString("failure", d.Failure);
        if (d.LastGood is { } good)
        {
            json.WriteStartObject("lastGood");
            json.WriteString("snapshotId", good.SnapshotId);
            json.WriteString("name", good.Name);
            json.WriteString("createdAt", Stamp.Of(good.CreatedAt));
            json.WriteNumber("ageSeconds", (long)good.Age.TotalSeconds);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lastGood");
        }

        json.WriteObjects("pending", d.Pending, p =>
        {
            json.WriteString("snapshotId", p.SnapshotId);
            json.WriteString("name", p.Name);
            json.WriteString("phase", Name(p.Phase));
            json.WriteString("requestedAt", Stamp.Of(p.RequestedAt));
            json.WriteNumber("attempts", p.Attempts);
            json.WriteString("retryAt", p.RetryAt is { } retry ? Stamp.Of(retry) : null);
            json.WriteString("trouble", p.Trouble);
        });
        json.WriteObjects("transfers", d.Transfers, t =>
        {
            json.WriteString("snapshotId", t.SnapshotId);
            json.WriteString("name", t.Name);
            json.WriteString("region", t.Region);
            json.WriteString("phase", t.Phase is { } phase ? Name(phase) : null);
            json.WriteString("retryAt", t.RetryAt is { } retry ? Stamp.Of(retry) : null);
            json.WriteString("trouble", t.Trouble);
        });
        json.WriteObjects("alarms", d.Alarms, a =>
        {
            json.WriteString("kind", Name(a.Kind));
            json.WriteString("since", Stamp.Of(a.Since));
            json.WriteString("text", a.Text);
        });
    }

    private static string Name(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalMinutes):0} min"),
    };
}
