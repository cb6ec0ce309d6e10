using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DoSnapshot.Api.Tests;

/// <summary>How the fleet stands is worked out once for all who ask at about the same time, and never without what is in the log.</summary>
public sealed class StatusBoardTests
{
    private readonly PostgresFixture _postgres;

    public StatusBoardTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_log_does_not_grow_an_answer_is_given_out_again_for_a_moment()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Service.StartAsync(_postgres, clock, Ct);
        var first = await AskAsync(service);
        Assert.True(await Eventually.HoldsAsync(async () => await service.Database.NowAsync(Ct) > first.At.AddSeconds(2), cancellationToken: Ct));
        Assert.Equal(first.At, (await AskAsync(service)).At);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await AskAsync(service)).At > first.At);
    }

    [Fact]
    public async Task Whoever_asks_after_something_was_appended_is_told_of_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var service = await Service.StartAsync(_postgres, clock, Ct);
        for (var n = 0; n < 5; n++)
        {
            Assert.Equal(4, (await AskAsync(service)).Names.Count);
            var name = $"renamed-{n}";
            await service.Log.DecideAsync(2, l => [new NewEvent(Streams.OfDroplet(2), new DropletRenamed(2, l.Droplet!.Name, name, clock.GetUtcNow()))], Ct);
            var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(service)));
            Assert.All(all, told => Assert.Contains(name, told.Names));
        }
    }

    [Fact]
    public async Task The_fleet_is_read_before_anybody_asks()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        Assert.True(await Eventually.HoldsAsync(() => Task.FromResult(service.Services.GetRequiredService<StatusBoard>().HasRead), cancellationToken: Ct));
    }

    /// <summary>What is underway may have a lower place in the log than what is seen already.</summary>
    [Fact]
    public async Task A_log_is_not_settled_while_something_is_being_written()
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await using var connection = new NpgsqlConnection(service.Store);
        await connection.OpenAsync(Ct);
        await using var writing = await connection.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand("select pg_current_xact_id()", connection, writing))
        {
            await command.ExecuteScalarAsync(Ct);
        }

        var stand = await service.Database.StandAsync(Ct);
        Assert.Equal((await service.Log.HeadAsync(Ct), false), (stand.Head, stand.IsSettled));
        await writing.RollbackAsync(Ct);
        // Other tests write at the same server.
        Assert.True(await Eventually.HoldsAsync(async () => (await service.Database.StandAsync(Ct)).IsSettled, cancellationToken: Ct));
    }

    private static async Task<(DateTimeOffset At, IReadOnlyList<string> Names)> AskAsync(Service service)
    {
        using var response = await service.GetAsync("/v1/status");
        var status = await Service.JsonAsync(response);
        return (status.GetProperty("at").GetDateTimeOffset(), [.. status.GetProperty("droplets").EnumerateArray().Select(d => d.GetProperty("name").GetString()!)]);
    }
}
