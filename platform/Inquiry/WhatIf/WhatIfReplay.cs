using System.Collections.Immutable;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>
/// Replays a log under another policy, event by event in its order: what people did, what was made and what was lost are facts; what the rules did is decided
/// anew, by the planner's own code. Holds what lives in one of the worlds, and some of what ended differently.
/// </summary>
public sealed class WhatIfReplay
{
    private readonly FleetReplay fleet = new();
    private readonly WhatIfTerms terms;
    private readonly OtherPlans plans;
    private readonly WhatIfBooks books;
    private readonly Dictionary<long, OtherDroplet> droplets = [];
    private DateTimeOffset? first;

    /// <summary>A replay on these terms.</summary>
    public WhatIfReplay(WhatIfTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        this.terms = terms;
        plans = new OtherPlans(fleet.Plans, terms);
        books = new WhatIfBooks(terms);
    }

    /// <summary>Goes on by one event; all of a log, from its first, in its order.</summary>
    /// <exception cref="Lifecycle.Plans.PlanException">A plan of the log cannot be read.</exception>
    public void See(LoggedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var at = Moments.Of(e.Data) ?? fleet.Last ?? default;
        first ??= at;
        if (EventTypes.DropletOf(e.Data) is not { } droplet)
        {
            SeeFleet(e, at);
            return;
        }

        if (!terms.Covers(droplet))
        {
            fleet.Fold(e);
            return;
        }

        if (droplets.TryGetValue(droplet, out var other))
        {
            other.Advance(at);
            other.Before(e.Data);
        }

        fleet.Fold(e);
        if (other is null && fleet.Droplet(droplet) is { } truth)
        {
            droplets[droplet] = other = new OtherDroplet(truth, plans, terms, books);
        }

        var snapshot = FleetReplay.SnapshotOf(e.Stream);
        var known = snapshot is { } id ? fleet.Snapshot(id) : null;
        if (snapshot is null || known is not null)
        {
            other?.After(e.Data, known, at);
        }
    }

    /// <summary>Ends the replay.</summary>
    /// <param name="asOf">The moment that it is about, UTC.</param>
    public WhatIfResult Finish(DateTimeOffset asOf)
    {
        foreach (var droplet in droplets.Values)
        {
            droplet.Advance(asOf.AddTicks(1));
        }

        var today = droplets
            .SelectMany(d => d.Value.Snapshots.Where(s => terms.Covers(s.Real.Plan)).Select(s => s.Row(fleet.Droplet(d.Key)?.Facts?.Name ?? s.Real.DropletName)))
            .OrderBy(s => s.DropletId)
            .ThenBy(s => s.CreatedAt)
            .ThenBy(s => s.SnapshotId)
            .ToLookup(s => s.Truth.Kind is FateKind.Exists || s.Other.Kind is FateKind.Exists);
        // What was lost was held until now, should it have been found again.
        foreach (var lost in today[false])
        {
            books.Over(lost);
        }

        var days = Days(asOf);
        ImmutableArray<WhatIfSnapshot> there = [.. today[true]];
        return new WhatIfResult(
            terms,
            asOf,
            Total(there, s => s.Truth, days.Sum(d => d.TruthCost)),
            Total(there, s => s.Other, days.Sum(d => d.OtherCost)),
            there,
            [.. books.Past],
            books.PastCut,
            books.PastSame,
            books.Invented,
            books.NeverMade,
            days);
    }

    /// <summary>What is about no droplet may be about every one: a plan that changes, is paused or goes on.</summary>
    private void SeeFleet(LoggedEvent e, DateTimeOffset at)
    {
        foreach (var droplet in droplets.Values)
        {
            droplet.Advance(at);
            droplet.Before(e.Data);
        }

        fleet.Fold(e);
        plans.Refresh();
        foreach (var droplet in droplets.Values)
        {
            droplet.After(e.Data, null, at);
        }
    }

    private ImmutableArray<WhatIfDay> Days(DateTimeOffset asOf)
    {
        if ((terms.From > first ? terms.From : first) is not { } start || start > asOf)
        {
            return [];
        }

        var day = DailyLevel.DayOf(start);
        var perDay = terms.Price / 30;
        return
        [
            .. books.TruthCount.Series(day, asOf)
                .Zip(books.OtherCount.Series(day, asOf), books.TruthGigabytes.Series(day, asOf))
                .Zip(books.OtherGigabytes.Series(day, asOf), (three, gigabytes) => new WhatIfDay(
                    DateOnly.FromDayNumber(three.First.Day),
                    (int)three.First.AtEnd,
                    (int)three.Second.AtEnd,
                    three.Third.AtEnd,
                    gigabytes.AtEnd,
                    three.Third.Area * perDay,
                    gigabytes.Area * perDay)),
        ];
    }

    private WhatIfTotal Total(ImmutableArray<WhatIfSnapshot> there, Func<WhatIfSnapshot, Fate> fate, decimal soFar)
    {
        var existing = there.Where(s => fate(s).Kind is FateKind.Exists).ToList();
        var gigabytes = existing.Sum(s => s.SizeGigabytes);
        return new WhatIfTotal(existing.Count, gigabytes, gigabytes * terms.Price, soFar);
    }
}
