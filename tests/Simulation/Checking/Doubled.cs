using DoSnapshot.Contracts;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>1. Never more than one snapshot for one due slot of a droplet, whatever crashes, repeats or reorders; nor two copies to one region.</summary>
internal sealed class Doubled() : Checker(Name)
{
    public const string Name = "1 doubled";

    private readonly List<Happening.SnapshotBegun> _begun = [];
    private readonly List<Happening.TransferBegun> _copies = [];
    private readonly List<SnapshotRequested> _requests = [];
    private readonly Dictionary<(string Plan, long Droplet, DateTimeOffset Occurrence), DateTimeOffset> _slots = [];

    public override void See(Happening happening, Books before)
    {
        switch (happening)
        {
            case Happening.SnapshotBegun begun:
                _begun.Add(begun);
                break;
            case Happening.TransferBegun copy:
                _copies.Add(copy);
                break;
            case Happening.Appended { Event.Data: SnapshotRequested { Origin: Origin.Plan } request }:
                Ask(happening.At, request, before);
                break;
            default:
                break;
        }
    }

    public override void End(World world, Books books)
    {
        var state = world.Cloud.Account.State();
        var made = state.Snapshots.Where(i => i.Phase is not SandboxImagePhase.InProgress).Concat(state.Deleted.Select(d => d.Snapshot)).ToDictionary(i => i.Id);
        var actions = state.Actions.ToDictionary(a => a.Id);
        var goneAt = state.Deleted.ToDictionary(d => d.Snapshot.Id, d => d.At);
        var images = _begun.Where(b => made.ContainsKey(b.ImageId)).ToList();
        foreach (var twice in images.GroupBy(b => (b.DropletId, b.Name)).Where(g => AreTwice([.. g], goneAt)))
        {
            Violated(twice.Last().At, $"'{twice.Key.Name}' of droplet {twice.Key.DropletId} was made {twice.Count()} times: images {string.Join(", ", twice.Select(b => b.ImageId))}");
        }

        // Two requests for one slot, with names of their own, are the same thing in another shape.
        var byName = images.ToLookup(b => (b.DropletId, b.Name));
        foreach (var slot in _requests.Where(r => r.Occurrence is not null).GroupBy(r => (r.Plan, r.DropletId, r.Occurrence)))
        {
            var all = slot.SelectMany(r => byName[(r.DropletId, r.SnapshotName)]).DistinctBy(b => b.ImageId).ToList();
            if (AreTwice(all, goneAt))
            {
                Violated(all[^1].At, $"the occurrence {slot.Key.Occurrence:MM-dd HH:mm:ss} of droplet {slot.Key.DropletId} in {slot.Key.Plan} has images {string.Join(", ", all.Select(b => b.ImageId))}");
            }
        }

        foreach (var copy in _copies.GroupBy(c => (c.ImageId, c.Region)))
        {
            var done = copy.Where(c => actions[c.ActionId].Status is SandboxActionStatus.Completed).ToList();
            if (done.Count > 1)
            {
                Violated(done[^1].At, $"image {copy.Key.ImageId} was copied to {copy.Key.Region} {done.Count} times");
            }
        }
    }

    /// <summary>Of what is gone, because somebody deleted it, another may be made.</summary>
    private static bool AreTwice(List<Happening.SnapshotBegun> images, Dictionary<long, DateTimeOffset> goneAt) =>
        images.Where((image, i) => i > 0 && !(goneAt.TryGetValue(images[i - 1].ImageId, out var gone) && gone < image.At)).Any();

    /// <summary>A slot is asked for once, unless the droplet has left its plan meanwhile and come back.</summary>
    private void Ask(DateTimeOffset at, SnapshotRequested request, Books before)
    {
        _requests.Add(request);
        if (request is not { Plan: { } plan, Occurrence: { } occurrence })
        {
            return;
        }

        var slot = (plan, request.DropletId, occurrence);
        var enrolledAt = before.MachineOf(request.DropletId).EnrolledAt;
        if (_slots.TryGetValue(slot, out var asked) && asked >= enrolledAt)
        {
            Violated(at, $"the occurrence {occurrence:MM-dd HH:mm:ss} of droplet {request.DropletId} in {plan} is asked for twice");
        }

        _slots[slot] = at;
    }
}
