using System.Text.Json;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the regions exist that the plans want a copy in, and take images.</summary>
internal sealed class RegionsCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "regions";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Plans is not { } configured)
        {
            return [CheckResult.NotChecked(installation.Settings.Plans.IsGiven ? "the plans cannot be used" : PlansCheck.None)];
        }

        var wanted = configured.Plans.Plans
            .SelectMany(p => Plan.From(p.Name, 0, p.Terms).Regions.Select(region => (Place: configured.PlaceOf(p.Name, "regions"), Region: region)))
            .ToLookup(w => w.Region, w => w.Place, StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return [CheckResult.Fine("no plan wants a copy in another region")];
        }

        if (installation.Api.WhyNot is { } why)
        {
            return [CheckResult.NotChecked(why)];
        }

        var reply = await installation.Api.Questions!.GetAsync("/v2/regions?per_page=200", ct);
        if (reply is not { IsSuccess: true, Body: { } body } || !body.TryGetProperty("regions", out var rows))
        {
            return [CheckResult.NotChecked(reply.IsForbidden ? "it needs the scope regions:read" : $"they cannot be read: {reply.Said}")];
        }

        var there = rows.EnumerateArray().ToLookup(r => r.TryGetProperty("slug", out var slug) ? slug.ToString() : "", StringComparer.Ordinal);
        return [.. wanted.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => Judge(w, there))];
    }

    private static CheckResult Judge(IGrouping<string, string> wanted, ILookup<string, JsonElement> there)
    {
        var region = wanted.Key;
        if (!there.Contains(region))
        {
            return CheckResult.Wrong(
                $"{string.Join("; ", wanted)}: '{region}' is no region of DigitalOcean's",
                $"Nothing is decided until that is mended; there are {string.Join(", ", there.Select(r => r.Key).Order(StringComparer.Ordinal))}");
        }

        var found = there[region].First();
        if (found.TryGetProperty("features", out var features) && features.ValueKind is JsonValueKind.Array
            && !features.EnumerateArray().Any(f => f.ValueEquals("image_transfer")))
        {
            return CheckResult.Remark($"{region} is there and is not said to take images", "Transfers to it may be refused: see the log, or choose another");
        }

        return found.TryGetProperty("available", out var available) && available.ValueKind is JsonValueKind.False
            ? CheckResult.Remark($"{region} is there and makes no new droplets at the moment", "Copies may be refused as well; a restore there waits for it")
            : CheckResult.Fine($"{region} is there and available");
    }
}
