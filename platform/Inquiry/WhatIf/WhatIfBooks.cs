using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>What there is in both worlds over time, and what became of the snapshots that neither has any more.</summary>
internal sealed class WhatIfBooks(WhatIfTerms terms)
{
    private long lastImage;

    public DailyLevel TruthCount { get; } = new();

    public DailyLevel OtherCount { get; } = new();

    public DailyLevel TruthGigabytes { get; } = new();

    public DailyLevel OtherGigabytes { get; } = new();

    public List<WhatIfSnapshot> Past { get; } = [];

    public long PastCut { get; private set; }

    public long PastSame { get; private set; }

    public long Invented { get; set; }

    public long NeverMade { get; set; }

    /// <summary>An id for the image of an invented snapshot; below zero, where DigitalOcean's are not.</summary>
    public long NextImage() => --lastImage;

    public void TruthBegins(Snapshot s, DateTimeOffset at) => Add(TruthCount, TruthGigabytes, s, at, 1);

    public void TruthEnds(Snapshot s, DateTimeOffset at) => Add(TruthCount, TruthGigabytes, s, at, -1);

    public void OtherBegins(Snapshot s, DateTimeOffset at) => Add(OtherCount, OtherGigabytes, s, at, 1);

    public void OtherEnds(Snapshot s, DateTimeOffset at) => Add(OtherCount, OtherGigabytes, s, at, -1);

    /// <summary>One that neither world has any more.</summary>
    public void Over(WhatIfSnapshot row)
    {
        if (!terms.Covers(row.Plan))
        {
            return;
        }

        if (!row.Differs)
        {
            PastSame++;
        }
        else if (Past.Count < terms.MostHeld)
        {
            Past.Add(row);
        }
        else
        {
            PastCut++;
        }
    }

    private void Add(DailyLevel count, DailyLevel gigabytes, Snapshot s, DateTimeOffset at, int sign)
    {
        if (terms.Covers(s.Plan))
        {
            count.Add(at, sign);
            gigabytes.Add(at, sign * s.SizeGigabytes);
        }
    }
}
