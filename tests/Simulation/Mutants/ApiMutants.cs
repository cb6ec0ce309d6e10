using DoSnapshot.DigitalOcean;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Mutants;

/// <summary>The snapshot worker sends a request again whose outcome is unknown.</summary>
internal sealed class RepeatsBlindly : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "snapshot" ? new Twisted(api, clock) : api;

    private sealed class Twisted(IDigitalOcean api, TimeProvider clock) : ApiTwist(api)
    {
        public override async Task<PostOutcome> SnapshotDropletAsync(long dropletId, string name, CancellationToken ct)
        {
            var outcome = await base.SnapshotDropletAsync(dropletId, name, ct);
            if (outcome is PostOutcome.Unknown)
            {
                // Long enough for the droplet not to be busy with the first any more.
                await Task.Delay(TimeSpan.FromHours(1), clock, ct);
                outcome = await base.SnapshotDropletAsync(dropletId, name, ct);
            }

            return outcome;
        }
    }
}

/// <summary>The transfer worker sends a request again whose outcome is unknown.</summary>
internal sealed class CopiesBlindly : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "transfer" ? new Twisted(api) : api;

    private sealed class Twisted(IDigitalOcean api) : ApiTwist(api)
    {
        public override async Task<PostOutcome> TransferImageAsync(long imageId, string region, CancellationToken ct)
        {
            var outcome = await base.TransferImageAsync(imageId, region, ct);
            return outcome is PostOutcome.Unknown ? await base.TransferImageAsync(imageId, region, ct) : outcome;
        }
    }
}

/// <summary>The pruner deletes something else besides.</summary>
internal sealed class DeletesForeign : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "pruner" ? new Twisted(api, world) : api;

    private sealed class Twisted(IDigitalOcean api, World world) : ApiTwist(api)
    {
        public override async Task<DeleteOutcome> DeleteSnapshotAsync(long snapshotId, CancellationToken ct)
        {
            await base.DeleteSnapshotAsync(world.Acts.Foreign.Order().First(), ct);
            return await base.DeleteSnapshotAsync(snapshotId, ct);
        }
    }
}

/// <summary>The pruner deletes what it is to look at, before anything is decided.</summary>
internal sealed class DeletesAtSight : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "pruner" ? new Twisted(api) : api;

    private sealed class Twisted(IDigitalOcean api) : ApiTwist(api)
    {
        public override async Task<DropletSnapshot?> FindSnapshotAsync(long snapshotId, RequestPurpose purpose, CancellationToken ct)
        {
            var found = await base.FindSnapshotAsync(snapshotId, purpose, ct);
            await base.DeleteSnapshotAsync(snapshotId, ct);
            return found;
        }
    }
}

/// <summary>Nothing is powered on.</summary>
internal sealed class LeavesOff : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "snapshot" ? new Twisted(api) : api;

    private sealed class Twisted(IDigitalOcean api) : ApiTwist(api)
    {
        public override Task<PostOutcome> PowerDropletAsync(long dropletId, PowerAction action, CancellationToken ct) =>
            action is PowerAction.PowerOn ? Task.FromResult<PostOutcome>(new PostOutcome.NotSent("Never.")) : base.PowerDropletAsync(dropletId, action, ct);
    }
}

/// <summary>What was asked to be copied is never sent.</summary>
internal sealed class CopiesNothing : Mutant
{
    public override IDigitalOcean Api(string role, IDigitalOcean api, World world, TimeProvider clock) => role == "transfer" ? new Twisted(api) : api;

    private sealed class Twisted(IDigitalOcean api) : ApiTwist(api)
    {
        public override Task<PostOutcome> TransferImageAsync(long imageId, string region, CancellationToken ct) =>
            Task.FromResult<PostOutcome>(new PostOutcome.NotSent("Never."));
    }
}

/// <summary>What gets lost on the bus is not published again.</summary>
internal sealed class NeverSweeps : Mutant
{
    public override bool Republishes => false;
}

/// <summary>The budget grants every request.</summary>
internal sealed class GrantsEverything : Mutant
{
    public override IRequestBudget Budget(IRequestBudget budget) => new Boundless();

    private sealed class Boundless : IRequestBudget
    {
        public ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct) => new((TimeSpan?)null);

        public void Tell(RateLimit told)
        {
        }

        public void Refuse(TimeSpan? wait)
        {
        }
    }
}

/// <summary>DigitalOcean as it is, for those that differ in one call.</summary>
internal abstract class ApiTwist(IDigitalOcean api) : IDigitalOcean
{
    public ApiTrouble? Trouble => api.Trouble;

    public ClockComparison? Clocks => api.Clocks;

    public TimeSpan? ClockOffset => api.ClockOffset;

    public Task<Account> GetAccountAsync(CancellationToken ct) => api.GetAccountAsync(ct);

    public Task<IReadOnlyList<Region>> ListRegionsAsync(CancellationToken ct) => api.ListRegionsAsync(ct);

    public Task<IReadOnlyList<Droplet>> ListDropletsAsync(string tag, CancellationToken ct) => api.ListDropletsAsync(tag, ct);

    public Task<IReadOnlyList<Droplet>> ListAllDropletsAsync(CancellationToken ct) => api.ListAllDropletsAsync(ct);

    public Task<Droplet?> FindDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct) => api.FindDropletAsync(dropletId, purpose, ct);

    public Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsAsync(CancellationToken ct) => api.ListSnapshotsAsync(ct);

    public Task<IReadOnlyList<DropletSnapshot>> ListSnapshotsOfDropletAsync(long dropletId, RequestPurpose purpose, CancellationToken ct) =>
        api.ListSnapshotsOfDropletAsync(dropletId, purpose, ct);

    public virtual Task<DropletSnapshot?> FindSnapshotAsync(long snapshotId, RequestPurpose purpose, CancellationToken ct) => api.FindSnapshotAsync(snapshotId, purpose, ct);

    public Task<IReadOnlyList<CloudAction>> ListActionsAsync(DateTimeOffset backTo, CancellationToken ct) => api.ListActionsAsync(backTo, ct);

    public Task<IReadOnlyList<CloudAction>> ListDropletActionsAsync(long dropletId, DateTimeOffset backTo, CancellationToken ct) =>
        api.ListDropletActionsAsync(dropletId, backTo, ct);

    public Task<IReadOnlyList<CloudAction>> ListImageActionsAsync(long imageId, DateTimeOffset backTo, CancellationToken ct) =>
        api.ListImageActionsAsync(imageId, backTo, ct);

    public Task<CloudAction?> FindActionAsync(long actionId, CancellationToken ct) => api.FindActionAsync(actionId, ct);

    public virtual Task<PostOutcome> SnapshotDropletAsync(long dropletId, string name, CancellationToken ct) => api.SnapshotDropletAsync(dropletId, name, ct);

    public virtual Task<PostOutcome> PowerDropletAsync(long dropletId, PowerAction action, CancellationToken ct) => api.PowerDropletAsync(dropletId, action, ct);

    public virtual Task<PostOutcome> TransferImageAsync(long imageId, string region, CancellationToken ct) => api.TransferImageAsync(imageId, region, ct);

    public virtual Task<DeleteOutcome> DeleteSnapshotAsync(long snapshotId, CancellationToken ct) => api.DeleteSnapshotAsync(snapshotId, ct);
}
