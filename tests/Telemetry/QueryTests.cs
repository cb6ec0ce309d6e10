using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DoSnapshot.Hosting.Telemetry;
using YamlDotNet.RepresentationModel;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>Alert rules and dashboard, held against the measures that there are, by the names that the exporter gives them.</summary>
public sealed partial class QueryTests
{
    /// <summary>Prometheus's own, and of the runtime; <see cref="LifeTests"/> sees that the latter is there.</summary>
    internal const string RuntimeMeasure = "dotnet_process_memory_working_set_bytes";

    private static readonly Lazy<Task<IReadOnlyDictionary<string, IReadOnlySet<string>>>> Known = new(KnownAsync);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_names_measures_and_labels_that_there_are()
    {
        var known = await Known.Value;
        var queries = Rules().Select(r => (Where: r.Name, r.Query)).Concat(Panels()).ToList();

        Assert.True(queries.Count > 30, $"only {queries.Count} queries were found");
        Assert.Empty(queries.SelectMany(q => new PromQl(q.Query).Unknown(known).Select(u => $"{q.Where}: {u}")));
    }

    [Theory]
    [InlineData("a name that there is not", "max(dosnapshot_relay_lag) > 120", "there is no measure dosnapshot_relay_lag")]
    [InlineData("OpenTelemetry's own name", "sum(dosnapshot_snapshots)", "there is no measure dosnapshot_snapshots")]
    [InlineData("a label to select by", "dosnapshot_alarms{sort=\"lost\"}", "dosnapshot_alarms has no label sort")]
    [InlineData("a label to sum by", "sum by (droplet) (dosnapshot_alarm_age_seconds)", "no measure of it has the label droplet")]
    [InlineData("the second of two", "up{job=\"x\"} == 0 or dosnapshot_nothing{a=\"b{}\"} unless dosnapshot_leader offset 1h", "there is no measure dosnapshot_nothing")]
    [InlineData("a dashboard's variable", "label_values(dosnapshot_plan_every_seconds, plans)", "dosnapshot_plan_every_seconds has no label plans")]
    public async Task A_wrong_name_is_found(string name, string query, string found)
    {
        Assert.True(new PromQl(query).Unknown(await Known.Value).SequenceEqual([found], StringComparer.Ordinal), name);
    }

    [Fact]
    public void Every_alert_says_what_it_is_and_where_it_is_told_what_to_do()
    {
        var headings = Headings().Matches(Repository.Read("docs", "operations.md")).Select(m => m.Groups["text"].Value.ToLowerInvariant()).ToHashSet();
        var rules = Rules();
        string[] wanted =
        [
            "DoSnapshotNoGoodSnapshot", "DoSnapshotRelayBehind", "DoSnapshotBrakeOn", "DoSnapshotBudgetLow", "DoSnapshotLeftPoweredOff",
            "DoSnapshotMessagesFailed", "DoSnapshotNobodyLeads", "DoSnapshotServiceDown", "DoSnapshotServiceMissing", "DoSnapshotPlannerStuck",
        ];
        Assert.Empty(wanted.Except(rules.Select(r => r.Name), StringComparer.Ordinal));
        Assert.All(rules, rule =>
        {
            Assert.All((string[])["summary", "description", "runbook"], a => Assert.True(rule.Annotations.GetValueOrDefault(a) is { Length: > 0 }, $"{rule.Name}: {a}"));
            Assert.Contains(rule.Severity, (string[])["critical", "warning"]);
            var (file, anchor) = (rule.Annotations["runbook"].Split('#')[0], rule.Annotations["runbook"].Split('#')[1]);
            Assert.Equal("docs/operations.md", file);
            Assert.Contains(anchor, headings);
        });
        Assert.Equal(rules.Count, rules.Select(r => r.Annotations["runbook"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_an_alert_says_of_its_labels_it_has()
    {
        var said = 0;
        Assert.All(Rules(), rule =>
        {
            var query = new PromQl(rule.Query);
            var labels = query.Grouped.Concat(query.Selected.Select(s => s.Label)).Concat(rule.Query.Contains("up{", StringComparison.Ordinal) ? ["instance", "job"] : []).ToHashSet();
            foreach (var label in rule.Annotations.Values.SelectMany(a => SaidLabels().Matches(a)).Select(m => m.Groups["label"].Value))
            {
                said++;
                Assert.Contains(label, labels);
            }
        });
        Assert.True(said > 10);
    }

    /// <summary>As Compose has it; what Kubernetes has is held against the same rules where its manifests are tested.</summary>
    [Fact]
    public void Each_service_that_is_missed_by_name_is_read_under_that_name()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("observability", "prometheus", "prometheus.yaml")));
        var job = ((YamlSequenceNode)yaml.Documents[0].RootNode["scrape_configs"]).Single(j => j["job_name"].ToString() == "do-snapshot");
        var read = ((YamlSequenceNode)job["dns_sd_configs"][0]["names"]).Select(n => n.ToString()).ToList();
        var missed = MissedServices().Matches(Rules().Single(r => r.Name == "DoSnapshotServiceMissing").Query).Select(m => m.Groups["service"].Value).ToList();

        Assert.Equal(["planner", "pruner-worker", "snapshot-worker", "transfer-worker"], missed.Order(StringComparer.Ordinal));
        Assert.Empty(missed.Except(read, StringComparer.Ordinal));
        var label = Assert.Single((YamlSequenceNode)job["relabel_configs"]);
        Assert.Equal(("__meta_dns_name", "service"), (Assert.Single((YamlSequenceNode)label["source_labels"]).ToString(), label["target_label"].ToString()));
        Assert.All(read, name => Assert.Contains($"\n  {name}:\n", Repository.Read("docker-compose.yml"), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_has_a_test_of_the_rule()
    {
        var tests = Repository.Read("observability", "prometheus", "alerts-test.yaml");
        Assert.All(Rules(), rule => Assert.Contains($"alertname: {rule.Name}\n        exp_alerts:\n", tests, StringComparison.Ordinal));
    }

    [Fact]
    public void A_legend_names_labels_that_the_query_leaves()
    {
        foreach (var target in Targets().Where(t => t["legendFormat"] is not null))
        {
            var grouped = new PromQl(target["expr"]!.GetValue<string>()).Grouped;
            Assert.All(Legends().Matches(target["legendFormat"]!.GetValue<string>()), m => Assert.Contains(m.Groups["label"].Value, grouped));
        }
    }

    private static List<(string Name, string Query, string Severity, Dictionary<string, string> Annotations)> Rules()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("observability", "prometheus", "alerts.yaml")));
        return
        [
            .. from @group in (YamlSequenceNode)yaml.Documents[0].RootNode["groups"]
               from rule in (YamlSequenceNode)@group["rules"]
               select (
                   rule["alert"].ToString(),
                   rule["expr"].ToString(),
                   rule["labels"]["severity"].ToString(),
                   ((YamlMappingNode)rule["annotations"]).ToDictionary(a => a.Key.ToString(), a => a.Value.ToString())),
        ];
    }

    private static IEnumerable<(string Where, string Query)> Panels()
    {
        foreach (var panel in Dashboard()["panels"]!.AsArray())
        {
            foreach (var target in panel!["targets"]?.AsArray() ?? new JsonArray())
            {
                yield return ($"panel '{panel["title"]}'", target!["expr"]!.GetValue<string>());
            }
        }

        foreach (var variable in Dashboard()["templating"]!["list"]!.AsArray().Where(v => v!["type"]!.GetValue<string>() == "query"))
        {
            yield return ($"variable '{variable!["name"]}'", variable["definition"]!.GetValue<string>());
        }
    }

    private static IEnumerable<JsonNode> Targets() =>
        Dashboard()["panels"]!.AsArray().SelectMany(p => p!["targets"]?.AsArray() ?? new JsonArray()).Select(t => t!);

    private static JsonNode Dashboard() => JsonNode.Parse(Repository.Read("observability", "grafana", "dashboard.json"))!;

    /// <summary>A measurement of each, told by the exporter itself.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> KnownAsync()
    {
        var scrape = await Scrape.ReadAsync(
            meters =>
            {
                var meter = meters.Create(Measures.MeterName);
                foreach (var measure in Measures.All)
                {
                    string[] values = [.. measure.Labels.Select(_ => "x")];
                    if (measure.Kind is MeasureKind.Counter)
                    {
                        meter.Counter(measure).Add(measure, 1, values);
                    }
                    else
                    {
                        meter.Gauge(measure, () => [measure.Read(1, values)]);
                    }
                }
            },
            CancellationToken.None);
        var known = scrape.Labels.ToDictionary(StringComparer.Ordinal);
        Assert.Equal(Measures.All.Count, known.Keys.Count(k => k.StartsWith("dosnapshot_", StringComparison.Ordinal)));
        known["up"] = new HashSet<string>(StringComparer.Ordinal);
        known[RuntimeMeasure] = new HashSet<string>(StringComparer.Ordinal);
        return known;
    }

    [GeneratedRegex(@"^### (?<text>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Headings();

    [GeneratedRegex(@"absent\(up\{[^}]*service=""(?<service>[^""]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex MissedServices();

    [GeneratedRegex(@"\$labels\.(?<label>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SaidLabels();

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Legends();
}
