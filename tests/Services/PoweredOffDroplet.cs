using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>A droplet in a plan that wants its snapshots powered off.</summary>
public abstract class PoweredOffDroplet : IAsyncDisposable
{
    private protected static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private protected readonly World _world;
    private protected long _web;

    protected PoweredOffDroplet()
    {
        var plan = World.Plan();
        plan.Consistency = SnapshotConsistency.PoweredOff;
        _world = new World(plan);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _world.DisposeAsync();
    }

    private protected static string Body(HttpRequestMessage request) => request.Content!.ReadAsStringAsync(World.Ct).GetAwaiter().GetResult();

    private protected static HttpResponseMessage Error(int status, string message) => new((System.Net.HttpStatusCode)status)
    {
        Content = new StringContent($$"""{"id":"refused","message":"{{message}}"}"""),
    };

    private protected void LoseOnce(string type, bool arrives)
    {
        var lost = false;
        _world.Line.Instead = request =>
        {
            if (!lost && request.Method == HttpMethod.Post && Body(request).Contains($"\"{type}\"", StringComparison.Ordinal))
            {
                lost = true;
                (_world.Line.LoseNextAnswer, _world.Line.LoseNextRequest) = (arrives, !arrives);
            }

            return null;
        };
    }

    /// <summary>A droplet comes into the plan, and its first snapshot is asked for.</summary>
    private protected async Task RequestAsync(Action<long>? prepare = null, bool ignoresShutdown = false)
    {
        _web = _world.Account.AddDroplet(
            new NewDroplet { Name = "web-1", Region = World.Home, Tags = ["autosnapshot"], IgnoresShutdown = ignoresShutdown }).OrThrow().Id;
        prepare?.Invoke(_web);
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(SnapshotConsistency.PoweredOff, (await _world.OnlyAsync(_web)).Consistency);
    }

    private protected async Task RunUntilOffAsync()
    {
        while (Power() != SandboxPower.Off)
        {
            await RunAsync(Step);
        }

        await RunAsync(Step);
        Assert.NotNull((await _world.LedgerAsync(_web)).Droplet!.Power!.OffAt);
    }

    private protected async Task RunAsync(TimeSpan duration, TimeSpan? step = null, bool swallow = false)
    {
        var end = _world.Now + duration;
        while (_world.Now < end)
        {
            try
            {
                await _world.RoundAsync();
            }
            catch (OperationCanceledException) when (swallow)
            {
            }

            _world.Clock.Advance(step ?? Step);
        }
    }

    private protected List<string> Actions() => [.. _world.Account.State().Actions.OrderBy(a => a.Id).Select(a => a.Type).Where(t => t != "create")];

    private protected SandboxPower? Power() => _world.Account.State().Droplets.FirstOrDefault(d => d.Id == _web)?.Status;

    /// <summary>The action began after one that switched it off was done, and ended before one that switched it on began.</summary>
    private protected void AssertSnapshottedWhileOff()
    {
        var actions = _world.Account.State().Actions;
        var snapshot = Assert.Single(actions, a => a.Type == "snapshot");
        Assert.Contains(actions, a => a.Type is "shutdown" or "power_off" && a.CompletedAt <= snapshot.StartedAt);
        Assert.All(actions.Where(a => a.Type == "power_on"), a => Assert.True(a.StartedAt >= snapshot.CompletedAt));
    }

    private protected async Task<IReadOnlyList<Type>> LifeOfDropletAsync() =>
        [.. (await _world.Log.ReadStreamAsync(Streams.OfDroplet(_web), World.Ct)).Select(e => e.Data.GetType())];

    private protected async Task<T> EventAsync<T>() => Assert.Single((await _world.EventsAsync()).OfType<T>());
}
