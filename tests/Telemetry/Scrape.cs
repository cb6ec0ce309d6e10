using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>A series of a scrape.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>What a process tells at <c>/metrics</c>.</summary>
internal sealed partial class Scrape
{
    /// <summary>What the library adds to each series, Prometheus itself, and our configurations of it.</summary>
    public static IReadOnlySet<string> AddedLabels { get; } = new HashSet<string>(StringComparer.Ordinal) { "otel_scope_name", "job", "instance", "service" };

    public Scrape(string text)
    {
        Text = text;
        All = [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(Read)];
    }

    public string Text { get; }

    public IReadOnlyList<Series> All { get; }

    /// <summary>The labels of each name.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Labels => All.GroupBy(s => s.Name, StringComparer.Ordinal).ToDictionary(
        g => g.Key, g => (IReadOnlySet<string>)g.SelectMany(s => s.Labels.Keys).Except(AddedLabels, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    public IEnumerable<Series> Of(string name, params (string Label, string Value)[] labels) =>
        All.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value));

    public double Value(string name, params (string Label, string Value)[] labels) => Assert.Single(Of(name, labels)).Value;

    /// <summary>What an application with telemetry tells, of which the measures come from a factory of its own.</summary>
    public static async Task<Scrape> ReadAsync(Action<IMeterFactory> measure, CancellationToken ct, params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = builder.AddTelemetry();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<LogMetrics>();
        await using var app = builder.Build();
        app.MapTelemetry(options);
        await app.StartAsync(ct);
        measure(app.Services.GetRequiredService<IMeterFactory>());
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        return new Scrape(await client.GetStringAsync("/metrics", ct));
    }

    private static Series Read(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        var labels = Label().Matches(match.Groups["labels"].Value)
            .ToDictionary(l => l.Groups["name"].Value, l => Regex.Unescape(l.Groups["value"].Value), StringComparer.Ordinal);
        return new Series(match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>([^""\\]|\\.)*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Label();
}
