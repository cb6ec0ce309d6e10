using System.Diagnostics;
using System.Text;
using DoSnapshot.Hosting.Telemetry;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>What a real process told of a snapshot's whole life: by measures, traces and what was logged.</summary>
public sealed class LifeTests(LivedHost host) : IClassFixture<LivedHost>
{
    private string Trace => host.Pruned.SnapshotId.ToString("N");

    private IReadOnlyList<Activity> Life => [.. host.Steps.Where(s => s.TraceId.ToHexString() == Trace).OrderBy(s => s.StartTimeUtc)];

    [Fact]
    public void The_measures_are_those_of_the_life()
    {
        var scrape = host.Scrape;
        TestContext.Current.TestOutputHelper?.WriteLine(scrape.Text);
        (string Name, (string, string)[] Labels, double Value)[] expected =
        [
            ("dosnapshot_snapshots_total", [("outcome", "completed")], 1),
            ("dosnapshot_snapshots_total", [("outcome", "discovered")], 1),
            ("dosnapshot_snapshots_total", [("outcome", "failed")], 0),
            ("dosnapshot_transfers_total", [("outcome", "completed")], 2),
            ("dosnapshot_expiries_total", [("origin", "plan")], 1),
            ("dosnapshot_deletions_total", [("outcome", "pruned")], 1),
            ("dosnapshot_deletions_total", [("outcome", "refused")], 0),
            ("dosnapshot_deferrals_total", [("command", "snapshot")], 0),
            ("dosnapshot_api_requests_total", [("method", "POST"), ("route", "/v2/droplets/{id}/actions"), ("status", "201"), ("purpose", "snapshot")], 1),
            ("dosnapshot_api_requests_total", [("method", "POST"), ("route", "/v2/images/{id}/actions"), ("status", "201"), ("purpose", "transfer")], 2),
            ("dosnapshot_api_requests_total", [("method", "DELETE"), ("route", "/v2/snapshots/{id}"), ("status", "204"), ("purpose", "deletion")], 1),
            ("dosnapshot_plan_every_seconds", [("plan", "default")], 86_400),
            ("dosnapshot_droplets", [("plan", "default"), ("condition", "good")], 1),
            ("dosnapshot_droplets", [("plan", "default"), ("condition", "alarm")], 0),
            ("dosnapshot_snapshots_complete", [("plan", "default")], 1),
            ("dosnapshot_snapshots_pending", [("plan", "default")], 0),
            ("dosnapshot_snapshots_at_work", [("plan", "default")], 0),
            ("dosnapshot_transfers_awaiting", [("region", "lon1")], 0),
            ("dosnapshot_brakes", [("plan", "default"), ("scope", "plan")], 0),
            ("dosnapshot_droplets_owed_power", [], 0),
            ("dosnapshot_alarms", [("kind", "left_powered_off")], 0),
            ("dosnapshot_api_budget_limit", [("window", "hour")], 5_000),
            ("dosnapshot_api_budget_limit", [("window", "minute")], 250),
            ("dosnapshot_leader", [("role", "planner")], 1),
            ("dosnapshot_leader", [("role", "snapshot-follower")], 1),
            ("dosnapshot_health", [("check", "api")], 1),
        ];
        Assert.All(expected, e => Assert.True(
            scrape.Of(e.Name, e.Labels).ToList() is [{ } one] && one.Value == e.Value, $"{e.Name} {string.Join(", ", e.Labels)} {e.Value}:\n{scrape.Text}"));
        Assert.InRange(scrape.Value("dosnapshot_snapshot_newest_good_age_seconds", ("droplet_id", $"{host.Droplet}"), ("droplet_name", "web-1"), ("plan", "default")), 0, 600);
        Assert.InRange(scrape.Value("dosnapshot_snapshot_newest_good_age_ratio", ("droplet_id", $"{host.Droplet}")), 0, 0.01);
        Assert.InRange(scrape.Value("dosnapshot_relay_lag_seconds"), 0, 120);
        Assert.InRange(scrape.Value("dosnapshot_fleet_age_seconds"), 0, 120);
        Assert.InRange(scrape.Value("dosnapshot_api_budget_left", ("window", "hour")), 1, 4_999);
    }

    [Fact]
    public void Every_measure_is_there_under_its_labels_and_no_other()
    {
        var declared = Measures.All.ToDictionary(PrometheusName, m => m.Labels.Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        var told = host.Scrape.Labels.Where(l => l.Key.StartsWith("dosnapshot_", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

        Assert.Empty(told.Keys.Except(declared.Keys, StringComparer.Ordinal));
        // What did not happen, and is not told as zero: its labels are not known before.
        Assert.Equal(
            ["dosnapshot_alarm_age_seconds", "dosnapshot_expiries_withdrawn_total", "dosnapshot_messages_failed_total"],
            declared.Keys.Except(told.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(told, t => Assert.True(
            t.Value.IsSubsetOf(declared[t.Key]) && declared[t.Key].Except(t.Value).All(l => l is "guard"), $"{t.Key}: {string.Join(", ", t.Value)}"));
        Assert.NotEmpty(host.Scrape.Of(QueryTests.RuntimeMeasure));
    }

    [Fact]
    public void The_instruments_are_those_that_are_listed() => Assert.Equal(
        Measures.All.Select(m => (m.Name, m.Unit, m.Description)).Order(),
        host.Instruments.Select(i => (i.Name, i.Unit ?? "", i.Description ?? "")).Distinct().Order());

    [Fact]
    public void The_trace_is_the_life_from_request_to_pruned()
    {
        string[] life =
        [
            "snapshot_requested", "snapshot_attempted", "snapshot_started", "snapshot_completed",
            "transfer_requested", "transfer_attempted", "transfer_started", "transfer_completed",
            "snapshot_expired", "prune_attempted", "snapshot_pruned",
        ];
        TestContext.Current.TestOutputHelper?.WriteLine(Describe());

        Assert.Equal(
            life, Life.Where(s => s.OperationName.StartsWith("append ", StringComparison.Ordinal) && s.OperationName != "append expiry_held").Select(s => s.OperationName[7..]));
        Assert.All(Life.Where(s => s.Source.Name == Tracing.SourceName), s =>
        {
            Assert.Equal($"{host.Pruned.SnapshotId:D}", s.GetTagItem(Tracing.SnapshotTag));
            Assert.Equal(host.Droplet, s.GetTagItem(Tracing.DropletTag));
        });
    }

    [Theory]
    [InlineData("POST /v2/droplets/{id}/actions", "publish snapshot_requested")]
    [InlineData("POST /v2/images/{id}/actions", "publish transfer_requested")]
    [InlineData("DELETE /v2/snapshots/{id}", "publish snapshot_expired")]
    [InlineData("append snapshot_started", "publish snapshot_requested")]
    [InlineData("append snapshot_pruned", "publish snapshot_expired")]
    public void What_a_worker_does_is_within_what_it_was_asked_by(string step, string asked)
    {
        var one = Assert.Single(Life, s => s.OperationName == step);
        var within = Within(one).ToList();

        Assert.Contains(asked, within.Select(s => s.OperationName));
        // Through the bus, which carried the context.
        Assert.Contains("MassTransit", within.Select(s => s.Source.Name));
    }

    [Theory]
    [InlineData("append snapshot_requested", "round decide")]
    [InlineData("append snapshot_expired", "round decide")]
    [InlineData("append snapshot_completed", "round snapshot-follower", "round compare")]
    [InlineData("append transfer_completed", "round transfer-follower", "round compare")]
    public void What_came_of_a_round_is_linked_to_it(string step, params string[] rounds)
    {
        var link = Assert.Single(Assert.Single(Life, s => s.OperationName == step).Links);
        var linked = Assert.Single(host.Steps, s => s.SpanId == link.Context.SpanId && s.TraceId == link.Context.TraceId);

        // Whoever sees first what has become of it.
        Assert.Contains(linked.OperationName, rounds);
    }

    /// <summary>Whoever looks at a trace would look for it in vain.</summary>
    [Fact]
    public void No_step_has_a_parent_in_another_trace() =>
        Assert.All(host.Steps, s => Assert.True(s.Parent is null || s.Parent.TraceId == s.TraceId, $"{s.DisplayName} within {s.Parent?.DisplayName}"));

    [Fact]
    public void A_round_in_which_nothing_was_done_is_not_told()
    {
        var rounds = host.Steps.Where(s => s.OperationName.StartsWith("round ", StringComparison.Ordinal)).ToList();
        var used = host.Steps.Select(s => s.ParentSpanId).Concat(host.Steps.SelectMany(s => s.Links).Select(l => l.Context.SpanId)).ToHashSet();

        Assert.NotEmpty(rounds);
        Assert.All(rounds, r => Assert.Contains(r.SpanId, used));
    }

    [Fact]
    public void Everything_was_exported_and_says_what_it_is_about()
    {
        Assert.True(host.Collector.Has("traces", Convert.FromHexString(Trace)));
        Assert.True(host.Collector.Has("traces", "append snapshot_pruned"));
        Assert.True(host.Collector.Has("metrics", "dosnapshot.snapshot.newest_good.age"));
        Assert.True(host.Collector.Has("logs", Tracing.SnapshotTag));
        Assert.True(host.Collector.Has("logs", Tracing.DropletTag));
        Assert.True(host.Collector.Has("logs", host.Pruned.SnapshotId.ToString("D")));
        // As much was logged as there is to log.
        Assert.True(host.Collector.Has("logs", "MassTransit"));
        Assert.True(host.Collector.Has("logs", "Npgsql"));
    }

    [Fact]
    public void No_token_is_told_by_any_of_them()
    {
        var secret = LivedHost.Token["dop_v1_".Length..];
        Assert.All((string[])["traces", "metrics", "logs"], signal => Assert.All(
            (string[])[secret, "Bearer ", "Password="], s => Assert.False(host.Collector.Has(signal, s), $"{signal}: {s}")));
        Assert.DoesNotContain(secret, host.Scrape.Text, StringComparison.Ordinal);
        Assert.All(host.Steps, s => Assert.DoesNotContain(secret, string.Join(' ', s.TagObjects), StringComparison.Ordinal));
        // Neither what was asked, nor to DigitalOcean which trace it is of.
        Assert.False(host.Collector.Has("traces", "tag_name=autosnapshot"));
        Assert.True(host.Collector.Has("traces", "/v2/droplets?*"));
        Assert.Equal(0, host.TracedRequests);
    }

    private static string PrometheusName(Measure measure)
    {
        var unit = measure.Unit switch { "s" => "_seconds", "GBy" => "_gigabytes", _ => "" };
        return measure.Name.Replace('.', '_') + unit + (measure.Kind is MeasureKind.Counter ? "_total" : "");
    }

    private IEnumerable<Activity> Within(Activity step)
    {
        for (var one = step; one is not null; one = Life.FirstOrDefault(s => s.SpanId == one.ParentSpanId))
        {
            yield return one;
        }
    }

    /// <summary>The trace as text.</summary>
    private string Describe()
    {
        var text = new StringBuilder($"trace {Trace}\n");
        var spans = Life.Select(s => s.SpanId).ToHashSet();
        foreach (var root in Life.Where(s => !spans.Contains(s.ParentSpanId)))
        {
            Add(root, 0);
        }

        return text.ToString();

        void Add(Activity step, int depth)
        {
            var links = string.Concat(step.Links.Select(l => $"  -> {host.Steps.FirstOrDefault(s => s.SpanId == l.Context.SpanId)?.OperationName}"));
            var status = step.GetTagItem("http.response.status_code") is { } code ? $"  {code}" : "";
            text.Append($"{(step.StartTimeUtc - Life[0].StartTimeUtc).TotalSeconds,7:0.000} {step.Duration.TotalMilliseconds,6:0} ms  {new string(' ', depth * 2)}{step.DisplayName}{status}{links}\n");
            foreach (var child in Life.Where(s => s.ParentSpanId == step.SpanId))
            {
                Add(child, depth + 1);
            }
        }
    }
}
