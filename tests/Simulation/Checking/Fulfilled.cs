using DoSnapshot.Contracts;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>
/// 2. Every occurrence ends as taken, missed, superseded or failed. After the quiet days each droplet has its latest, every wanted region is filled,
/// every expired snapshot is gone or its expiry withdrawn, and nothing is on its way.
/// </summary>
internal sealed class Fulfilled() : Checker(Name)
{
    public const string Name = "2 fulfilled";

    /// <summary>What became due so short a time ago may still be on its way.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(4);

    private readonly Dictionary<long, (SnapshotRequested Request, PlanTerms Terms)> _last = [];

    public override void See(Happening happening, Books before)
    {
        if (happening is not Happening.Appended { Event.Data: SnapshotRequested { Origin: Origin.Plan, Plan: { } plan } request })
        {
            return;
        }

        if (request.Occurrence is not { } occurrence)
        {
            // By elapsed time there are none; what comes after it counts anew.
            _last.Remove(request.DropletId);
            return;
        }

        var terms = before.Plans[plan].Terms;
        if (Terms.Latest(plan, terms, request.DropletId, occurrence) != occurrence)
        {
            Violated(happening.At, $"'{request.SnapshotName}' answers {occurrence:MM-dd HH:mm:ss}, which is no occurrence of {plan} for droplet {request.DropletId}");
        }

        // Where the schedule is the same, none between two that were asked for is forgotten: it was answered otherwise, or is counted as missed.
        if (_last.TryGetValue(request.DropletId, out var last) && last.Request.Plan == plan && IsSameSchedule(last.Terms, terms))
        {
            var between = ((occurrence - last.Request.Occurrence!.Value).TotalSeconds / Terms.Seconds(terms.Every)) - 1;
            if (Math.Max(0, between) != request.SkippedOccurrences)
            {
                Violated(happening.At, $"between {last.Request.Occurrence:MM-dd HH:mm:ss} and {occurrence:MM-dd HH:mm:ss} of droplet {request.DropletId} there are {between} occurrences, and {request.SkippedOccurrences} are counted");
            }
        }

        _last[request.DropletId] = (request, terms);
    }

    public override void End(World world, Books books)
    {
        var now = world.Sim.Now;
        foreach (var shot in books.Shots.Values)
        {
            Ended(shot, books, now);
        }

        var state = world.Cloud.Account.State();
        var listed = state.Snapshots.Where(i => i.Phase is SandboxImagePhase.Listed).ToDictionary(i => i.Id);
        foreach (var droplet in state.Droplets)
        {
            foreach (var plan in books.Plans.Values.Where(p => !p.IsRemoved && droplet.Tags.Contains(p.Terms.Tag)))
            {
                Served(droplet, plan, books, listed, now);
            }
        }
    }

    private static bool IsSameSchedule(PlanTerms one, PlanTerms other) =>
        one.Every == other.Every && one.At == other.At && one.Spread == other.Spread && one.Timing == other.Timing;

    private void Ended(Shot shot, Books books, DateTimeOffset now)
    {
        var machine = books.MachineOf(shot.Droplet);
        if (shot.Stage is Stage.Waiting or Stage.Sent && shot.RequestedAt < now - Recent)
        {
            Violated(now, $"'{shot.Name}', asked for at {shot.RequestedAt:MM-dd HH:mm:ss}, is still {shot.Stage} after {shot.Attempts} attempts");
        }

        if (shot.Stage is Stage.Going)
        {
            Violated(now, $"'{shot.Name}' expired at {shot.ExpiredAt:MM-dd HH:mm:ss} and is neither gone nor kept");
        }

        if (shot.Stage is Stage.Complete)
        {
            var isMember = shot.Plan is { } plan && machine.Plan == plan && !books.Plans[plan].IsRemoved;
            foreach (var (region, _) in shot.Copies.Where(c => c.Value is CopyStage.Sent
                || (c.Value is CopyStage.Waiting && (shot.CopiesByHand.Contains(c.Key) || (isMember && books.Plans[shot.Plan!].Terms.Regions.Contains(c.Key))))))
            {
                Violated(now, $"the copy of '{shot.Name}' to {region} has not ended");
            }
        }
    }

    private void Served(SandboxDroplet droplet, PlanBooks plan, Books books, Dictionary<long, SandboxImage> listed, DateTimeOffset now)
    {
        var machine = books.MachineOf(droplet.Id);
        if (machine.Plan != plan.Name)
        {
            Violated(now, $"droplet {droplet.Id} has the tag of {plan.Name} and is in {machine.Plan ?? "no plan"}");
            return;
        }

        var latest = plan.Terms.Timing is PlanTiming.Elapsed
            ? now.AddSeconds(-Terms.Seconds(plan.Terms.Every))
            : Terms.Latest(plan.Name, plan.Terms, droplet.Id, now);
        var isServed = listed.Values.Any(i => i.DropletId == droplet.Id && i.CreatedAt >= latest - Recent && books.Shots.Values.Any(s => s.Image == i.Id));
        if (!isServed && latest < now - Recent && machine.EnrolledAt < now - Recent)
        {
            Violated(now, $"droplet {droplet.Id} has no snapshot for {latest:MM-dd HH:mm:ss}");
        }

        foreach (var shot in books.Of(droplet.Id, plan.Name).Where(s => s.Stage is Stage.Complete && s.CreatedAt < now - Recent))
        {
            if (!listed.TryGetValue(shot.Image!.Value, out var image))
            {
                Violated(now, $"'{shot.Name}' counts as complete, and its image {shot.Image} is not there");
                continue;
            }

            foreach (var region in plan.Terms.Regions.Where(r => !image.Regions.Contains(r)))
            {
                Violated(now, $"'{shot.Name}' is not in {region}");
            }
        }
    }
}
