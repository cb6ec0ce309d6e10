using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.EventLog.Tests;

/// <summary>Of several processes one leads, and when it stops or is cut off another takes over.</summary>
public sealed class LeaderElectionTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres;
    private MartenLog _log = null!;

    public LeaderElectionTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_leads_and_when_it_is_told_to_stop_the_other_takes_over()
    {
        await using var first = await Candidate.StandAsync(_log);
        Assert.True(await first.LeadsAsync());
        await using var second = await Candidate.StandAsync(_log);
        await using var elsewhere = await Candidate.StandAsync(_log, "another-role");
        // Another role is led besides; by then the second has been refused at least once or is about to be.
        Assert.True(await elsewhere.LeadsAsync());
        Assert.False(second.Leads);

        await first.StopAsync();

        Assert.True(await second.LeadsAsync());
        Assert.False(first.Leads);
    }

    [Fact]
    public async Task A_leader_whose_connection_is_cut_stops_leading_and_another_takes_over()
    {
        await using var first = await Candidate.StandAsync(_log);
        Assert.True(await first.LeadsAsync());
        await using var second = await Candidate.StandAsync(_log);

        Assert.Equal(1L, await CutAsync());

        Assert.True(await Eventually.HoldsAsync(() => first.Ended == 1, cancellationToken: Ct), "the lead went on after the lock was lost");
        Assert.True(await Eventually.HoldsAsync(() => first.Leads || second.Leads, cancellationToken: Ct));
        // Whoever it is now, it is one.
        Assert.Equal(1L, await HeldAsync());
        Assert.False(first.Leads && second.Leads);
    }

    [Fact]
    public async Task A_lead_that_fails_gives_up_and_stands_again()
    {
        await using var only = await Candidate.StandAsync(_log, failures: 1);

        Assert.True(await only.LeadsAsync());
        Assert.Equal(2, only.Begun);
    }

    [Fact]
    public async Task A_process_can_be_stopped_while_it_stands_by()
    {
        await using var first = await Candidate.StandAsync(_log);
        Assert.True(await first.LeadsAsync());
        await using var second = await Candidate.StandAsync(_log);

        await second.StopAsync();

        Assert.Equal(0, second.Begun);
        Assert.True(first.Leads);
    }

    public async ValueTask InitializeAsync() => _log = await MartenLog.CreateAsync(_postgres, TimeProvider.System, Ct);

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private Task<object?> CutAsync() => _log.AskAsync($"select count(pg_terminate_backend(pid)) {Granted}", Ct);

    private Task<object?> HeldAsync() => _log.AskAsync($"select count(*) {Granted}", Ct);

    private const string Granted =
        "from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())";

    /// <summary>A process that stands for election and, while it leads, waits.</summary>
    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly StoreReadiness _readiness;
        private readonly LeaderElection _election;
        private readonly Task _running;
        private readonly string _role;
        private int _begun;
        private int _ended;

        private Candidate(StoreReadiness readiness, MartenLog log, string role, int failures)
        {
            _readiness = readiness;
            _role = role;
            _election = new LeaderElection(readiness, log.Options, NullLogger<LeaderElection>.Instance);
            _running = _election.RunAsync(role, token => LeadAsync(failures, token), _stop.Token);
        }

        public bool Leads => _election.Leads(_role) && _begun > _ended;

        public int Begun => _begun;

        public int Ended => _ended;

        public static async Task<Candidate> StandAsync(MartenLog log, string role = "planner", int failures = 0) =>
            new(await log.ReadyAsync(Ct), log, role, failures);

        public Task<bool> LeadsAsync() => Eventually.HoldsAsync(() => Leads, cancellationToken: Ct);

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
            await _readiness.StopAsync(CancellationToken.None);
            _readiness.Dispose();
        }

        private async Task LeadAsync(int failures, CancellationToken ct)
        {
            if (Interlocked.Increment(ref _begun) <= failures)
            {
                Interlocked.Increment(ref _ended);
                throw new InvalidOperationException("The lead failed.");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Increment(ref _ended);
        }
    }
}
