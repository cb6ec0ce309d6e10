using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>A droplet and the plans that claim it by its tags, at least one.</summary>
internal sealed record Claim(Droplet Droplet, IReadOnlyList<PlanFacts> Plans)
{
    /// <summary>Where it has the tags of several plans: that, in words.</summary>
    public string? Overlap => Plans.Count < 2
        ? null
        : $"Droplet {Droplet.Id} ('{Droplet.Name}') has the tags of plans '{string.Join("', '", Plans.Select(p => p.Name))}': nothing of it expires until it has the tag of one";
}

/// <summary>The plans in force, as the log has them, and the droplets that they claim.</summary>
internal sealed class Roster
{
    private readonly List<(PlanFacts Facts, Plan Plan)> plans;

    public Roster(FleetFacts fleet)
    {
        plans = [.. fleet.InForce.Select(f => (f, f.ToPlan()!))];
    }

    public IReadOnlyList<Plan> Plans => [.. plans.Select(p => p.Plan)];

    /// <summary>A plan by its name; null when it is not in force.</summary>
    public Plan? Find(string name) => plans.Select(p => p.Plan).FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));

    /// <summary>Whether a plan claims the droplet by its tags.</summary>
    public bool Claims(Droplet droplet) => plans.Any(p => p.Plan.Claims([.. droplet.Tags]));

    /// <summary>Whether a plan would claim the droplet and is told by a tag of it not to: that is somebody's will.</summary>
    public bool KeepsOut(Droplet droplet) => plans.Any(p => p.Plan.OptsOut([.. droplet.Tags]));

    /// <summary>Lists the droplets of every plan: a request for each page of each tag.</summary>
    public async Task<IReadOnlyList<Claim>> ListAsync(IDigitalOcean api, CancellationToken ct)
    {
        var seen = new Dictionary<long, (Droplet Droplet, HashSet<string> Tags)>();
        foreach (var tag in plans.Select(p => p.Plan.Tag).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var droplet in await api.ListDropletsAsync(tag, ct))
            {
                seen.TryAdd(droplet.Id, (droplet, new HashSet<string>(droplet.Tags, StringComparer.OrdinalIgnoreCase)));
                // What is listed under a tag has it, whatever else is said of it.
                seen[droplet.Id].Tags.Add(tag);
            }
        }

        return
        [
            .. seen.Values.Select(s => new Claim(s.Droplet, [.. plans.Where(p => p.Plan.Claims(s.Tags)).Select(p => p.Facts)]))
                .Where(c => c.Plans.Count > 0),
        ];
    }
}
