using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting.Budget;

/// <summary>How much of a token's requests is taken at a moment.</summary>
/// <param name="HourLimit">Requests in any hour, as DigitalOcean last told, or as it documents.</param>
/// <param name="Minute">Taken in the last minute, by all processes.</param>
/// <param name="Hour">Taken in the last hour, by all processes.</param>
/// <param name="Comparing">Of those, taken to compare the log with the account.</param>
/// <param name="Foreign">Taken in the last hour by programs that do not share this budget, as the headers show.</param>
/// <param name="MinuteFreesIn">When the oldest of the last minute counts no more, from now.</param>
/// <param name="HourFreesIn">When the oldest of the last hour counts no more, from now.</param>
public readonly record struct BudgetUse(
    int HourLimit, int Minute, int Hour, int Comparing, int Foreign, TimeSpan MinuteFreesIn, TimeSpan HourFreesIn);

/// <summary>What may be taken.</summary>
/// <param name="Requests">How many; 0 for none.</param>
/// <param name="Wait">How long to wait before asking again, where it is none.</param>
public readonly record struct BudgetGrant(int Requests, TimeSpan Wait);

/// <summary>
/// Shares a token's requests out. DigitalOcean counts over a sliding hour and a sliding minute, in which a twentieth of the hour's may be made
/// (documented: 5,000 and 250). Each purpose leaves a share untouched for those that go before it, and comparing has a tenth of the hour.
/// </summary>
public static class BudgetRules
{
    /// <summary>Requests in an hour (documented); an account may have been given more.</summary>
    public const int DocumentedHour = 5_000;

    private const int MinutesShare = 20;
    private const double ComparingShare = 0.1;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Requests in a minute of which the hour has this many.</summary>
    public static int MinuteLimit(int hourLimit) => Math.Max(1, hourLimit / MinutesShare);

    /// <summary>How many of the wanted requests may be taken now.</summary>
    public static BudgetGrant Grant(BudgetUse use, RequestPurpose purpose, int wanted)
    {
        var (ofMinute, ofHour) = LeftForOthers(purpose);
        var minuteLimit = MinuteLimit(use.HourLimit);
        var inMinute = (int)(minuteLimit * (1 - ofMinute)) - use.Minute;
        var inHour = (int)(use.HourLimit * (1 - ofHour)) - use.Hour - use.Foreign;
        if (purpose is RequestPurpose.Reconciliation)
        {
            inHour = Math.Min(inHour, Math.Max(1, (int)(use.HourLimit * ComparingShare)) - use.Comparing);
        }

        var requests = Math.Min(wanted, Math.Min(inMinute, inHour));
        return requests > 0 ? new BudgetGrant(requests, TimeSpan.Zero) : new BudgetGrant(0, Wait(inHour <= 0 ? use.HourFreesIn : use.MinuteFreesIn));
    }

    private static TimeSpan Wait(TimeSpan freesIn) => freesIn < ShortestWait ? ShortestWait : freesIn > LongestWait ? LongestWait : freesIn;

    /// <summary>The shares of minute and hour that a purpose does not touch.</summary>
    private static (double OfMinute, double OfHour) LeftForOthers(RequestPurpose purpose) => purpose switch
    {
        RequestPurpose.PowerOn => (0, 0),
        RequestPurpose.Snapshot => (0.04, 0.02),
        RequestPurpose.Following => (0.12, 0.06),
        RequestPurpose.Transfer => (0.20, 0.12),
        RequestPurpose.Deletion => (0.30, 0.20),
        _ => (0.40, 0.25),
    };
}
