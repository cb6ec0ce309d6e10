using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What an audit is told about, and how it says what it found.</summary>
public sealed class ReportTests
{
    private static readonly DateTimeOffset End = History.Start.AddDays(20);

    private static readonly Lazy<History> Honest = new(() => new History(History.Terms("0d:5d"), droplets: 2).Run(TimeSpan.FromDays(20), h =>
    {
        if (h.Now == History.Start.AddDays(8))
        {
            h.Remove(h.Snapshots().Last(s => s.IsComplete), "ann|bob", "not *wanted*");
        }
    }));

    [Fact]
    public void From_and_to_restrict_what_is_judged_and_never_what_is_folded()
    {
        var all = Audit(new AuditTerms());
        var (from, to) = (History.Start.AddDays(8), History.Start.AddDays(12));
        var part = Audit(new AuditTerms { From = from, To = to });
        var rest = Audit(new AuditTerms { To = from });
        var later = Audit(new AuditTerms { From = to });
        Assert.True(part.Holds && part.Counts.Confirmed > 0);
        Assert.Equal(all.Counts.Events, part.Counts.Events);
        Assert.Equal(all.Counts.Confirmed, part.Counts.Confirmed + rest.Counts.Confirmed + later.Counts.Confirmed);
        Assert.Equal((1L, 0L), (part.Counts.Manual, rest.Counts.Manual));
    }

    [Fact]
    public void Droplets_restrict_what_is_judged()
    {
        var one = Audit(new AuditTerms { Droplets = new HashSet<long> { History.FirstDroplet } });
        var other = Audit(new AuditTerms { Droplets = new HashSet<long> { History.FirstDroplet + 1 } });
        Assert.Equal(Audit(new AuditTerms()).Counts.Decisions, one.Counts.Decisions + other.Counts.Decisions);
        Assert.Equal((1L, 0L), (one.Counts.Manual, other.Counts.Manual));
    }

    [Fact]
    public void What_a_person_removed_is_explained_by_who_and_why()
    {
        var removal = Assert.Single(Audit(new AuditTerms()).ManualRemovals);
        Assert.Equal(("ann|bob", "not *wanted*", History.Start.AddDays(8)), (removal.Actor, removal.Reason, removal.At));
    }

    [Fact]
    public void More_of_a_plan_than_its_brake_lets_go_is_found_though_each_droplet_loses_little()
    {
        var history = new History(History.Terms("0d:30d"), droplets: 8).Run(TimeSpan.FromDays(4));
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0d:2d"), history.Now));
        history.Run(TimeSpan.FromHours(4));
        var braked = new Tampered(history.Events).ChangeAll<PlanChanged>(e => e with { Terms = e.Terms with { Brake = BrakeSetting.On } });
        Assert.True(SimulatedLogs.Audit(history.Events, history.Now).Holds);
        var kinds = SimulatedLogs.Audit(braked.Events, history.Now).Findings.Select(f => f.Kind).ToHashSet();
        Assert.Equal([FindingKind.BrakePassed], kinds);
    }

    [Fact]
    public void An_expiry_without_an_end_is_listed_with_its_age_and_found_when_that_is_too_much()
    {
        var tampered = new Tampered(Honest.Value.Events);
        var (last, pruned) = tampered.Last<SnapshotPruned>();
        tampered.Hide(last);
        var soon = SimulatedLogs.Audit(tampered.Events, pruned.At.AddHours(20));
        Assert.Equal((pruned.SnapshotId, TimeSpan.FromHours(20)), (Assert.Single(soon.Open).SnapshotId, soon.Open[0].Age));
        Assert.True(soon.Holds);
        Assert.False(SimulatedLogs.Audit(tampered.Events, pruned.At.AddHours(20), new AuditTerms { OpenLimit = TimeSpan.FromHours(19) }).Holds);
    }

    [Fact]
    public void Findings_are_passed_on_and_the_list_of_them_says_when_it_was_cut()
    {
        var tampered = new Tampered(Honest.Value.Events).ChangeAll<SnapshotExpired>(e => e with { Age = TimeSpan.Zero });
        var passed = 0;
        var auditor = new Auditor(new AuditTerms { MostHeld = 3 }, _ => passed++);
        foreach (var e in tampered.Events)
        {
            auditor.See(e);
        }

        var report = auditor.Finish(End);
        Assert.Equal(3, report.Findings.Length);
        Assert.Equal(report.Counts.Differing, report.FindingsCut + 3);
        Assert.Equal(report.Counts.Differing, passed);
        Assert.Contains($"there are {report.FindingsCut} more findings", Markdown(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_one_object_of_JSON_with_stable_names()
    {
        var text = new StringWriter();
        AuditJson.Write(Differing(), text);
        using var json = JsonDocument.Parse(text.ToString());
        var root = json.RootElement;
        Assert.False(root.GetProperty("holds").GetBoolean());
        Assert.Equal("2026-01-21T03:00:00Z", root.GetProperty("asOf").GetString());
        Assert.Equal(1, root.GetProperty("counts").GetProperty("differing").GetInt64());
        Assert.Equal(1, root.GetProperty("counts").GetProperty("explainedByManualCommand").GetInt64());
        Assert.Equal(
            ["severity", "kind", "what", "at", "sequence", "stream", "eventId", "snapshotId", "snapshotName", "dropletId", "dropletName", "plan", "planVersion", "recorded", "replayed"],
            root.GetProperty("findings")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("otherReason", root.GetProperty("findings")[0].GetProperty("kind").GetString());
        Assert.Equal("ann|bob", root.GetProperty("manualRemovals")[0].GetProperty("actor").GetString());
    }

    [Fact]
    public void The_report_for_people_names_what_differs_with_both_verdicts_and_takes_no_text_for_markup()
    {
        var report = Differing();
        var text = Markdown(report);
        var finding = Assert.Single(report.Findings);
        Assert.Contains("1. **Error, OtherReason**", text, StringComparison.Ordinal);
        Assert.Contains($"event {finding.Sequence}", text, StringComparison.Ordinal);
        Assert.Contains("recorded: goes by rule 0d:9d of plan 'p', version 1", text, StringComparison.Ordinal);
        Assert.Contains("decided again: goes by rule 0d:5d of plan 'p', version 1", text, StringComparison.Ordinal);
        Assert.Contains("| Differing | 1 |", text, StringComparison.Ordinal);
        Assert.Contains(@"| ann\|bob | not \*wanted\* |", text, StringComparison.Ordinal);
        Assert.Contains("**Everything that was judged is borne out by the log.**", Markdown(Audit(new AuditTerms())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_on_what_a_plan_said_a_moment_before_is_confirmed_and_long_after_it_is_not()
    {
        Assert.True(ChangedBefore(TimeSpan.FromSeconds(30)).Holds);
        Assert.Equal(FindingKind.OtherPlanVersion, Assert.Single(ChangedBefore(TimeSpan.FromHours(1)).Findings, f => f.IsDifference).Kind);
    }

    /// <summary>The plan changed so long before an expiry by the version before, and nothing of it was read.</summary>
    private static AuditReport ChangedBefore(TimeSpan time)
    {
        var tampered = new Tampered(Honest.Value.Events);
        var (last, expiry) = tampered.Last<SnapshotExpired>();
        var (_, terms) = tampered.Last<PlanChanged>();
        tampered.Plant(last, Streams.OfPlan(History.Plan), terms with { Version = 2, Terms = History.Terms("0d:9d"), At = expiry.DecidedAt - time });
        return SimulatedLogs.Audit(tampered.Events.TakeWhile(e => e.Data is not PruneAttempted a || a.SnapshotId != expiry.SnapshotId), expiry.DecidedAt);
    }

    private static AuditReport Differing()
    {
        var tampered = new Tampered(Honest.Value.Events);
        var (logged, expiry) = tampered.Last<SnapshotExpired>();
        return SimulatedLogs.Audit(tampered.Change(logged, expiry with { Rule = "0d:9d" }).Events, End);
    }

    private static AuditReport Audit(AuditTerms terms) => SimulatedLogs.Audit(Honest.Value.Events, End, terms);

    private static string Markdown(AuditReport report)
    {
        var text = new StringWriter();
        AuditMarkdown.Write(report, text);
        return text.ToString();
    }
}
