using DoSnapshot.Hosting.Telemetry;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>The table of measures in docs/observability.md says what there is.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void The_table_is_the_list()
    {
        var rows = Repository.Read("docs", "observability.md").Split('\n').Where(l => l.StartsWith("| `dosnapshot.", StringComparison.Ordinal)).ToList();

        Assert.Equal(Measures.All.Select(Row), rows);
        Assert.Equal(Measures.All.Count, Measures.All.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Measures.All, m => Assert.EndsWith(".", m.Description, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_list_of_the_sources_has_every_source() =>
        Assert.All(Tracing.Sources, s => Assert.Contains(s, Repository.Read("docs", "observability.md"), StringComparison.Ordinal));

    private static string Row(Measure m) =>
        $"| `{m.Name}` | {m.Kind.ToString().ToLowerInvariant()} | `{m.Unit}` | {string.Join(", ", m.Labels.Select(l => $"`{l}`"))} | {m.Description} |";
}
