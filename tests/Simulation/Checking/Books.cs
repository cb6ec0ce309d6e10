using DoSnapshot.Contracts;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>
/// What the log says, folded once more and plainly. It shares no code with the product, so that a mistake there is not made here as well.
/// </summary>
internal sealed class Books
{
    public Dictionary<Guid, Shot> Shots { get; } = [];

    public Dictionary<long, Machine> Machines { get; } = [];

    public Dictionary<string, PlanBooks> Plans { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Shot> Of(long droplet, string? plan) => Shots.Values.Where(s => s.Droplet == droplet && s.Plan == plan);

    public Machine MachineOf(long droplet) => Machines.TryGetValue(droplet, out var machine) ? machine : Machines[droplet] = new Machine();

    public void Apply(object @event, long decision, DateTimeOffset at)
    {
        switch (@event)
        {
            case SnapshotRequested e:
                Shots.TryAdd(e.SnapshotId, new Shot
                {
                    Id = e.SnapshotId,
                    Droplet = e.DropletId,
                    Name = e.SnapshotName,
                    Plan = e.Plan,
                    IsScheduled = e.Origin is Origin.Plan,
                    RequestedAt = e.RequestedAt,
                    Occurrence = e.Occurrence,
                    Consistency = e.Consistency,
                });
                break;
            case SnapshotDiscovered e:
                Discover(e);
                break;
            case SnapshotAttempted e:
                (Shots[e.SnapshotId].Stage, Shots[e.SnapshotId].Attempts) = (Stage.Sent, e.Attempt);
                break;
            case SnapshotStarted e:
                Shots[e.SnapshotId].Stage = Stage.Sent;
                break;
            case SnapshotDeferred e:
                Shots[e.SnapshotId].Stage = Stage.Waiting;
                break;
            case SnapshotFailed e:
                Shots[e.SnapshotId].Stage = e.Final ? Stage.Failed : Stage.Waiting;
                break;
            case SnapshotCompleted e:
                Complete(Shots[e.SnapshotId], e.ImageId, e.CreatedAt, e.Regions);
                break;
            case SnapshotLost e:
                Shots[e.SnapshotId].Stage = Stage.Gone;
                break;
            case SnapshotPinned e:
                Shots[e.SnapshotId].IsPinned = true;
                break;
            case SnapshotUnpinned e:
                Shots[e.SnapshotId].IsPinned = false;
                break;
            case RetryRequested e:
                Shots[e.SnapshotId].IsLeftAlone = false;
                break;
            case SnapshotExpired e:
                var going = Shots[e.SnapshotId];
                (going.Stage, going.Expiry, going.ExpiredIn, going.ExpiredAt) = (Stage.Going, e, decision, at);
                break;
            case PruneAttempted e:
                Shots[e.SnapshotId].Intent = e;
                break;
            case ExpiryWithdrawn e:
                (Shots[e.SnapshotId].Stage, Shots[e.SnapshotId].Expiry) = (Stage.Complete, null);
                break;
            case PruneRefused e:
                (Shots[e.SnapshotId].Stage, Shots[e.SnapshotId].IsLeftAlone) = (Stage.Complete, true);
                break;
            case SnapshotPruned e:
                Shots[e.SnapshotId].Stage = Stage.Gone;
                break;
            case TransferRequested e:
                Shots[e.SnapshotId].Copies.TryAdd(e.Region, CopyStage.Waiting);
                if (Shots[e.SnapshotId].Copies[e.Region] is CopyStage.Failed || !Shots[e.SnapshotId].Regions.Contains(e.Region))
                {
                    var copies = Shots[e.SnapshotId].Copies;
                    copies[e.Region] = copies[e.Region] is CopyStage.Sent ? CopyStage.Sent : CopyStage.Waiting;
                }

                if (e.Origin is Origin.Manual)
                {
                    Shots[e.SnapshotId].CopiesByHand.Add(e.Region);
                }

                break;
            case TransferAttempted e:
                Shots[e.SnapshotId].Copies[e.Region] = CopyStage.Sent;
                break;
            case TransferStarted e:
                Shots[e.SnapshotId].Copies[e.Region] = CopyStage.Sent;
                break;
            case TransferDeferred e:
                Shots[e.SnapshotId].Copies[e.Region] = CopyStage.Waiting;
                break;
            case TransferFailed e:
                Shots[e.SnapshotId].Copies[e.Region] = e.Final ? CopyStage.Failed : CopyStage.Waiting;
                break;
            case TransferCompleted e:
                Shots[e.SnapshotId].Copies[e.Region] = CopyStage.Done;
                Shots[e.SnapshotId].Regions.Add(e.Region);
                break;
            default:
                ApplyToOthers(@event, at);
                break;
        }
    }

    private void ApplyToOthers(object @event, DateTimeOffset at)
    {
        switch (@event)
        {
            case PlanChanged e:
                if (!Plans.TryGetValue(e.Plan, out var plan))
                {
                    Plans[e.Plan] = plan = new PlanBooks { Name = e.Plan, Terms = e.Terms };
                }

                (plan.Version, plan.Terms, plan.IsRemoved, plan.IsBraked) = (e.Version, e.Terms, false, false);
                break;
            case PlanRemoved e:
                Plans[e.Plan].IsRemoved = true;
                break;
            case PlanPaused e:
                Plans[e.Plan].IsPaused = true;
                break;
            case PlanResumed e:
                Plans[e.Plan].IsPaused = false;
                break;
            case BrakeApplied { DropletId: null } e:
                Plans[e.Plan].IsBraked = true;
                break;
            case BrakeApplied { DropletId: { } droplet } e:
                MachineOf(droplet).Brakes[e.Plan] = (e.PlanVersion, at);
                break;
            case BrakeReleased { DropletId: null } e:
                (Plans[e.Plan].IsBraked, Plans[e.Plan].ReleasedAt) = (false, at);
                foreach (var machine in Machines.Values)
                {
                    machine.Brakes.Remove(e.Plan);
                }

                break;
            case BrakeReleased { DropletId: { } droplet } e:
                MachineOf(droplet).Brakes.Remove(e.Plan);
                MachineOf(droplet).Released[e.Plan] = at;
                break;
            case DropletEnrolled e:
                (MachineOf(e.DropletId).Plan, MachineOf(e.DropletId).EnrolledAt) = (e.Plan, at);
                break;
            case DropletWithdrawn e:
                (MachineOf(e.DropletId).Plan, MachineOf(e.DropletId).IsOverlapped) = (null, false);
                break;
            case DropletPaused e:
                MachineOf(e.DropletId).IsPaused = true;
                break;
            case DropletResumed e:
                MachineOf(e.DropletId).IsPaused = false;
                break;
            case PowerOnOwed e:
                MachineOf(e.DropletId).Debt = e.SnapshotId;
                break;
            case DropletPoweredOn e:
                (MachineOf(e.DropletId).Debt, MachineOf(e.DropletId).PaidAt) = (null, at);
                break;
            case PowerOnWaived e:
                MachineOf(e.DropletId).Debt = null;
                break;
            case PlansOverlapped e:
                MachineOf(e.DropletId).IsOverlapped = true;
                break;
            case OverlapResolved e:
                MachineOf(e.DropletId).IsOverlapped = false;
                break;
            default:
                break;
        }
    }

    private void Discover(SnapshotDiscovered e)
    {
        if (!Shots.TryGetValue(e.SnapshotId, out var shot))
        {
            shot = Shots[e.SnapshotId] = new Shot { Id = e.SnapshotId, Droplet = e.DropletId, Name = e.SnapshotName, Plan = e.Plan, RequestedAt = e.CreatedAt };
        }

        shot.Regions.Clear();
        shot.IsLeftAlone = false;
        Complete(shot, e.ImageId, e.CreatedAt, e.Regions);
    }

    private static void Complete(Shot shot, long image, DateTimeOffset createdAt, IReadOnlyList<string> regions)
    {
        (shot.Stage, shot.Image, shot.CreatedAt) = (Stage.Complete, image, createdAt);
        shot.Regions.Clear();
        shot.Regions.UnionWith(regions);
    }
}
