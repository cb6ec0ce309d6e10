using System.Globalization;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Operating.Answers;

/// <summary>What is asked of a policy that is tried.</summary>
/// <param name="Plan">The plan in whose place it is tried.</param>
/// <param name="Keep">Its rules, which can be read; none where everything is kept.</param>
/// <param name="Every">The time between snapshots, which can be read; null for as it is.</param>
/// <param name="Days">For how many days.</param>
/// <param name="Price">Dollars for a gigabyte and month.</param>
internal sealed record WhatGoesQuestion(string Plan, IReadOnlyList<string> Keep, string? Every, int Days, decimal Price);

/// <summary>What a policy would let go in the place of a plan's, at this moment and by and by.</summary>
internal static class WhatGoesAnswer
{
    /// <summary>So many snapshots are named.</summary>
    public const int MostNamed = 100;

    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">No plan of this name is in force, or it cannot say that.</exception>
    public static async Task WriteAsync(IEventLog log, WhatGoesQuestion question, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        var plan = (await log.LoadFleetFactsAsync(ct)).InForce.FirstOrDefault(p => string.Equals(p.Name, question.Plan, StringComparison.Ordinal))
            ?? throw SubjectException.Unknown("plan", question.Plan, "the log knows no plan in force of this name");
        var terms = new PolicyWanted(question.Keep, question.Every, plan.PlanVersion).In(plan.Terms!);
        if (Plan.Problems(plan.Name, terms) is [var problem, ..])
        {
            throw new SubjectException(problem.Term, problem.Value ?? "", SubjectTrouble.Unusable, problem.Wanted);
        }

        var trial = PolicyTrial.Of(await log.LoadLedgersAsync(null, ct), now, new TrialTerms(plan, terms, now.AddDays(question.Days), question.Price), ct);
        if (json)
        {
            JsonOutput.Write(output, writer => Write(writer, trial));
        }
        else
        {
            Tell(trial, output);
        }
    }

    private static void Write(Utf8JsonWriter json, PolicyTrial trial)
    {
        json.WriteString("plan", trial.Terms.Plan.Name);
        json.WriteNumber("version", trial.Terms.Plan.PlanVersion);
        json.WriteNumber("total", trial.Total);
        Write(json, "now", trial.Now);
        Write(json, "later", trial.Later);
        json.WriteObjects("snapshots", trial.Snapshots.Take(MostNamed), s =>
        {
            json.WriteString("snapshotId", s.SnapshotId);
            json.WriteString("name", s.Name);
            json.WriteNumber("dropletId", s.DropletId);
            json.WriteString("dropletName", s.DropletName);
            json.WriteString("createdAt", Stamp.Of(s.CreatedAt));
            json.WriteNumber("sizeGigabytes", s.SizeGigabytes);
            json.WriteString("goesAt", Stamp.Of(s.GoesAt));
            json.WriteString("rule", s.Rule);
            json.WriteBoolean("goesAnyway", s.GoesAnyway);
        });
        json.WriteStartArray("brakes");
        foreach (var brake in trial.Brakes)
        {
            json.WriteStringValue(brake);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, TrialMoment moment)
    {
        json.WriteStartObject(name);
        json.WriteString("at", Stamp.Of(moment.At));
        Write(json, "live", moment.Live);
        Write(json, "tried", moment.Tried);
        json.WriteNumber("heldByBrake", moment.HeldByBrake);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TrialSide side)
    {
        json.WriteStartObject(name);
        json.WriteNumber("snapshots", side.Snapshots);
        json.WriteNumber("gigabytes", side.Gigabytes);
        json.WriteNumber("dollarsPerMonth", decimal.Round(side.DollarsPerMonth, 4));
        if (side.LongestGap is { } gap)
        {
            json.WriteStartObject("longestGap");
            json.WriteNumber("seconds", (long)gap.Length.TotalSeconds);
            json.WriteNumber("dropletId", gap.DropletId);
            json.WriteString("dropletName", gap.DropletName);
            json.WriteString("from", Stamp.Of(gap.From));
            json.WriteString("to", Stamp.Of(gap.To));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("longestGap");
        }

        json.WriteEndObject();
    }

    private static void Tell(PolicyTrial trial, TextWriter output)
    {
        output.WriteLine(ShownText.Of($"In the place of plan '{trial.Terms.Plan.Name}', version {Number(trial.Terms.Plan.PlanVersion)}, of {Number(trial.Total)} snapshots:"));
        new TextTable<(string What, TrialSide Side)>()
            .Left("GOES", r => r.What)
            .Right("SNAPSHOTS", r => Number(r.Side.Snapshots))
            .Right("GB", r => r.Side.Gigabytes.ToString("0.##", CultureInfo.InvariantCulture))
            .Right("$ A MONTH", r => r.Side.DollarsPerMonth.ToString("0.00", CultureInfo.InvariantCulture))
            .Left("LONGEST GAP", r => r.Side.LongestGap is { } gap ? string.Create(CultureInfo.InvariantCulture, $"{gap.Length.TotalDays:0.#} d of '{gap.DropletName}'") : "none")
            .Write(
                [
                    ("now, as it is", trial.Now.Live), ("now, by this", trial.Now.Tried),
                    ($"until {Stamp.Of(trial.Later.At)}, as it is", trial.Later.Live), ($"until {Stamp.Of(trial.Later.At)}, by this", trial.Later.Tried),
                ],
                output);
        foreach (var brake in trial.Brakes)
        {
            output.WriteLine(ShownText.Of($"The brake: {brake}."));
        }

        if (trial.Snapshots.Length > 0)
        {
            output.WriteLine();
            new TextTable<TrialSnapshot>()
                .Left("GOES", s => Stamp.Of(s.GoesAt))
                .Left("DROPLET", s => s.DropletName)
                .Left("SNAPSHOT", s => s.Name)
                .Left("MADE", s => Stamp.Of(s.CreatedAt))
                .Left("RULE", s => s.GoesAnyway ? $"{s.Rule}, and as it is" : s.Rule)
                .Write([.. trial.Snapshots.Take(MostNamed)], output);
        }

        if (trial.Snapshots.Length > MostNamed)
        {
            output.WriteLine($"... and {Number(trial.Snapshots.Length - MostNamed)} more.");
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
