using System.Globalization;
using System.Text.Json;
using DoSnapshot.EventLog;

namespace DoSnapshot.Operating.Answers;

/// <summary>What runs on a log, in words and for programs.</summary>
internal static class RunningWords
{
    /// <summary>A line for each thing.</summary>
    public static IEnumerable<string> Of(RunningState running, DateTimeOffset now)
    {
        yield return running.Leads.Count == 0
            ? "Nobody leads at this moment: no service runs on this log, or none has got the lead yet."
            : $"Who leads: {string.Join(", ", running.Leads.Select(l => $"{l.Role}{(l.Address.Length > 0 ? $" at {l.Address}" : "")} since {Stamp.Of(l.Since)}"))}."
                + (running.HasPlanner ? "" : " No planner leads: nothing is asked for and nothing expires.");
        if (running.NotCompared is { } trouble)
        {
            yield return $"The log cannot be compared with DigitalOcean since {Stamp.Of(trouble.Since)}: {trouble.Reason.TrimEnd('.')}. Nothing that happened there since is known.";
        }

        yield return running switch
        {
            { Behind: null } => "Nothing was ever published from this log.",
            { Behind: 0 } => "All that is in the log is published.",
            { Behind: var n, BehindSince: { } since } => string.Create(
                CultureInfo.InvariantCulture, $"{n} events of the log are not published yet, the oldest for {(now - since).TotalSeconds:0} s."),
            { Behind: var n } => string.Create(CultureInfo.InvariantCulture, $"{n} events of the log are not published yet."),
        };
        foreach (var left in running.Requests)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Requests left: {left.HourLeft} of {left.HourLimit} in this hour, {left.MinuteLeft} of {left.MinuteLimit} in this minute{(left.HeldUntil is { } until ? $"; DigitalOcean takes none until {Stamp.Of(until)}" : "")}.");
        }
    }

    /// <summary>The same as JSON.</summary>
    public static void Write(RunningState running, Utf8JsonWriter json)
    {
        json.WriteStartObject("running");
        json.WriteObjects("leads", running.Leads, lead =>
        {
            json.WriteString("role", lead.Role);
            json.WriteString("address", lead.Address);
            json.WriteString("since", Stamp.Of(lead.Since));
        });
        json.WriteBoolean("hasPlanner", running.HasPlanner);
        if (running.Behind is { } behind)
        {
            json.WriteNumber("behind", behind);
        }
        else
        {
            json.WriteNull("behind");
        }

        json.WriteString("behindSince", running.BehindSince is { } since ? Stamp.Of(since) : null);
        if (running.NotCompared is { } trouble)
        {
            json.WriteStartObject("notCompared");
            json.WriteString("reason", trouble.Reason);
            json.WriteString("since", Stamp.Of(trouble.Since));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("notCompared");
        }

        json.WriteObjects("requests", running.Requests, left =>
        {
            json.WriteNumber("hourLimit", left.HourLimit);
            json.WriteNumber("hourLeft", left.HourLeft);
            json.WriteNumber("minuteLimit", left.MinuteLimit);
            json.WriteNumber("minuteLeft", left.MinuteLeft);
            json.WriteString("heldUntil", left.HeldUntil is { } until ? Stamp.Of(until) : null);
        });
        json.WriteEndObject();
    }
}
