using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>Verdicts and moments for people to read.</summary>
internal static class Words
{
    /// <summary>Such as <c>2026-01-31T03:00:00Z</c>.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>3 d 4 h</c>, or <c>5 min</c>.</summary>
    public static string Of(TimeSpan length) => length switch
    {
        _ when length >= TimeSpan.FromDays(1) => $"{length.Days} d {length.Hours} h",
        _ when length >= TimeSpan.FromHours(1) => $"{length.Hours} h {length.Minutes} min",
        _ => $"{length.Minutes} min",
    };

    /// <summary>What an expiry says.</summary>
    public static string Of(SnapshotExpired e) => e.Origin is Origin.Manual
        ? $"removed by {e.Actor ?? "nobody named"}: {e.Reason ?? "no reason given"}"
        : $"goes by rule {e.Rule} of plan '{e.Plan}', version {e.PlanVersion}, {Of(e.Age)} old{Kept(e.KeptInstead)}";

    /// <summary>Where a snapshot was in its life.</summary>
    public static string Of(SnapshotPhase phase) => phase switch
    {
        SnapshotPhase.Requested or SnapshotPhase.Attempted or SnapshotPhase.Started => "not made yet",
        SnapshotPhase.Complete => "complete",
        SnapshotPhase.Expired => "about to go already",
        SnapshotPhase.Pruning => "being deleted already",
        SnapshotPhase.Pruned => "deleted already",
        SnapshotPhase.Lost => "lost",
        _ => "given up",
    };

    private static string Kept(ExpiryNeighbour? neighbour) => neighbour is null
        ? ""
        : $", {Of(neighbour.Distance)} after '{neighbour.SnapshotName}' of {Of(neighbour.CreatedAt)}, which is kept";
}
