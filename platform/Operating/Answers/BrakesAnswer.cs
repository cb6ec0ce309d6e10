using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Operating.Answers;

/// <summary>Which brakes are on and what they hold, and which are released, until when and by whom.</summary>
internal static class BrakesAnswer
{
    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="now">The moment.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="place">How the command is told of the log, with a blank before, for the hint how a brake is released.</param>
    /// <param name="known">What the log knows of every droplet, where that was read already.</param>
    public static async Task WriteAsync(
        IEventLog log, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct, string place = "", IReadOnlyList<DropletLedger>? known = null)
    {
        var fleet = known ?? await log.LoadLedgersAsync(null, ct);
        var brakes = Braking.InForce(fleet, now);
        var releases = await ReleasesAsync(log, fleet, now, ct);
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteString("at", Stamp.Of(now));
                writer.WriteObjects("on", brakes, b => Write(b, writer));
                writer.WriteObjects("released", releases, r => Write(r, writer));
            });
            return;
        }

        if (brakes.Count == 0)
        {
            await output.WriteLineAsync("No brake is on.");
        }

        foreach (var brake in brakes)
        {
            await output.WriteLineAsync(ShownText.Of($"On: {brake.Describe()}."));
            await output.WriteLineAsync($"    By now {brake.DescribeHeld()}.");
            await output.WriteLineAsync(ShownText.Of($"    To release it: do-snapshot release-brake {brake.Arguments}{place} --reason TEXT"));
        }

        foreach (var r in releases)
        {
            var whose = r.DropletId is null ? $"plan '{r.Plan}'" : $"droplet {r.DropletId} ('{r.DropletName}') in plan '{r.Plan}'";
            await output.WriteLineAsync(ShownText.Of($"Released: {whose} until {Stamp.Of(r.Until)}, by {r.Event?.Actor}: {r.Event?.Reason}"));
        }
    }

    private static async Task<IReadOnlyList<Release>> ReleasesAsync(IEventLog log, IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, CancellationToken ct)
    {
        var all = new List<Release>();
        foreach (var release in Braking.ReleasesInForce(fleet, now))
        {
            var stream = release.DropletId is { } droplet ? Streams.OfDroplet(droplet) : Streams.OfPlan(release.Plan);
            all.Add(new Release(release.Plan, release.DropletId, release.DropletName, release.Until, await LastAsync(log, stream, release.Plan, ct)));
        }

        return all;
    }

    private static async Task<BrakeReleased?> LastAsync(IEventLog log, string stream, string plan, CancellationToken ct) =>
        (await log.ReadStreamAsync(stream, ct)).Select(e => e.Data).OfType<BrakeReleased>().LastOrDefault(e => string.Equals(e.Plan, plan, StringComparison.Ordinal));

    private static void Write(BrakeInForce brake, Utf8JsonWriter json)
    {
        WriteWhose(brake.Plan, brake.DropletId, brake.DropletName, json);
        json.WriteNumber("planVersion", brake.Brake.PlanVersion);
        json.WriteString("since", Stamp.Of(brake.Brake.AppliedAt));
        json.WriteString("detail", brake.Brake.Detail);
        json.WriteObjects("held", brake.Held, s =>
        {
            json.WriteString("snapshotId", s.SnapshotId);
            json.WriteString("name", s.Name);
            json.WriteNumber("dropletId", s.DropletId);
            json.WriteString("createdAt", s.CreatedAt is { } made ? Stamp.Of(made) : null);
            json.WriteNumber("gigabytes", s.SizeGigabytes);
        });
    }

    private static void Write(Release release, Utf8JsonWriter json)
    {
        WriteWhose(release.Plan, release.DropletId, release.DropletName, json);
        json.WriteString("until", Stamp.Of(release.Until));
        json.WriteString("by", release.Event?.Actor);
        json.WriteString("reason", release.Event?.Reason);
    }

    private static void WriteWhose(string plan, long? dropletId, string? dropletName, Utf8JsonWriter json)
    {
        json.WriteString("plan", plan);
        json.WriteNumberOrNull("dropletId", dropletId);
        json.WriteString("dropletName", dropletName);
    }

    private sealed record Release(string Plan, long? DropletId, string? DropletName, DateTimeOffset Until, BrakeReleased? Event);
}
