using System.Diagnostics;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Telemetry;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>What is exported where, and what is not.</summary>
public sealed class SignalTests
{
    private static readonly SnapshotPinned Pinned = new(
        new Guid("5f1d2c1e-0b5a-5f7e-9a3e-5f0c7f6b8d21"), 7, "ann", "keep it", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_alone_go_to_an_address_of_their_own()
    {
        await using var collector = await Collector.StartAsync(Ct);

        // What was told last is exported when the application ends.
        await Scrape.ReadAsync(_ => Tracing.BeginPublishing(Pinned)?.Dispose(), Ct, TracesTo(collector));

        Assert.True(collector.Has("traces", "publish snapshot_pinned"));
        Assert.Equal(0, collector.Count("metrics"));
        Assert.Equal(0, collector.Count("logs"));
    }

    [Fact]
    public async Task A_request_to_somebody_else_is_not_told()
    {
        await using var collector = await Collector.StartAsync(Ct);

        // The scrape itself is one.
        await Scrape.ReadAsync(_ => Tracing.BeginPublishing(Pinned)?.Dispose(), Ct, TracesTo(collector));

        Assert.True(collector.Has("traces", "publish snapshot_pinned"));
        Assert.False(collector.Has("traces", "/metrics"));
    }

    [Fact]
    public async Task A_life_that_is_not_sampled_keeps_its_trace_so_that_nothing_within_it_begins_another()
    {
        await using var collector = await Collector.StartAsync(Ct);
        ActivityTraceId? trace = null;

        await Scrape.ReadAsync(
            _ =>
            {
                using var step = Tracing.BeginPublishing(Pinned);
                trace = Activity.Current?.TraceId;
            },
            Ct,
            [.. TracesTo(collector), "--OTEL_TRACES_SAMPLER=traceidratio", "--OTEL_TRACES_SAMPLER_ARG=0"]);

        Assert.Equal(Tracing.TraceOf(Pinned.SnapshotId), trace);
        Assert.Equal(0, collector.Count("traces"));
    }

    [Fact]
    public async Task What_follows_an_append_is_within_what_it_was_within_before()
    {
        await using var collector = await Collector.StartAsync(Ct);
        (Activity? Round, Activity? After) at = default;

        await Scrape.ReadAsync(
            _ =>
            {
                using var round = Tracing.BeginRound("test");
                Tracing.Appended(Pinned, 1, default);
                at = (round, Activity.Current);
            },
            Ct,
            TracesTo(collector));

        Assert.NotNull(at.Round);
        Assert.Same(at.Round, at.After);
        Assert.True(collector.Has("traces", "round test"));
    }

    private static string[] TracesTo(Collector collector) =>
        [$"--OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={collector.Address}/v1/traces", "--OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"];
}
