using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>Looks whether the regions exist that the plans want: one that does not would be asked for with every snapshot, for ever.</summary>
internal sealed class RegionCheck
{
    private readonly IDigitalOcean api;
    private readonly ConfiguredPlans configured;

    /// <summary>Those that were found to exist: they are looked up once for each process, and again when a plan wants another.</summary>
    private HashSet<string> known = [];

    public RegionCheck(IDigitalOcean api, ConfiguredPlans configured)
    {
        this.api = api;
        this.configured = configured;
    }

    /// <exception cref="UnknownRegionException">A plan wants a region that there is not.</exception>
    public async Task RunAsync(IReadOnlyList<Plan> plans, CancellationToken ct)
    {
        var wanted = plans.SelectMany(p => p.Regions.Select(region => (Plan: p.Name, Region: region))).ToList();
        if (wanted.All(w => known.Contains(w.Region)))
        {
            return;
        }

        var there = (await api.ListRegionsAsync(ct)).Select(r => r.Slug).ToHashSet(StringComparer.Ordinal);
        var unknown = wanted.Where(w => !there.Contains(w.Region)).Select(w => (configured.PlaceOf(w.Plan, "regions"), w.Region)).ToList();
        known = unknown is [] ? there : throw new UnknownRegionException(unknown, there);
    }
}
