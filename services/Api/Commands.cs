using DoSnapshot.EventLog;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Api;

/// <summary>The commands. Each is appended to the log, all of it or nothing; planner and workers act on it.</summary>
internal static class Commands
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/snapshots", (SnapshotsWanted wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Lists(("droplets", wanted.Droplets)), (by, newId) => ManualActs.SnapshotAsync(log, wanted.Droplets!, by, ct, newId), ct));
        routes.MapPost("/transfers", (TransfersWanted wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http,
            wanted,
            wanted.Reason,
            [.. Text("snapshot", wanted.Snapshot), .. Lists(("regions", wanted.Regions))],
            (by, _) => ManualActs.TransferAsync(log, wanted.Snapshot!, wanted.Regions!, by, ct),
            ct));
        MapOne(routes, "/expiries", (log, snapshot) => (by, ct) => ManualActs.ExpireAsync(log, snapshot, by, ct));
        MapOne(routes, "/pins", (log, snapshot) => (by, ct) => ManualActs.PinAsync(log, snapshot, pin: true, by, ct));
        MapOne(routes, "/unpins", (log, snapshot) => (by, ct) => ManualActs.PinAsync(log, snapshot, pin: false, by, ct));
        MapPause(routes, "/pauses", pause: true);
        MapPause(routes, "/resumes", pause: false);
    }

    private static void MapOne(
        IEndpointRouteBuilder routes,
        string path,
        Func<IEventLog, string, Func<DoSnapshot.Lifecycle.Decisions.CommandedBy, CancellationToken, Task<IReadOnlyList<ManualAct>>>> acts) =>
        routes.MapPost(path, (SnapshotMeant wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Text("snapshot", wanted.Snapshot), (by, _) => acts(log, wanted.Snapshot!)(by, ct), ct));

    private static void MapPause(IEndpointRouteBuilder routes, string path, bool pause) =>
        routes.MapPost(path, (SubjectMeant wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Text("subject", wanted.Subject), (by, _) => ManualActs.PauseAsync(log, wanted.Subject!, pause, by, ct), ct));

    private static IEnumerable<(string Field, string Why)> Text(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [(field, "it is required")] : [];

    private static IEnumerable<(string Field, string Why)> Lists((string Field, string?[]? Values) list) =>
        list.Values is not { Length: > 0 } || list.Values.Any(string.IsNullOrWhiteSpace) ? [(list.Field, "one or more are required")] : [];
}

/// <summary>Snapshots that are asked for.</summary>
/// <param name="Droplets">Of these droplets, by id or name.</param>
/// <param name="Reason">Why; the log keeps it.</param>
internal sealed record SnapshotsWanted(string[]? Droplets, string? Reason);

/// <summary>Copies that are asked for.</summary>
/// <param name="Snapshot">Of this snapshot: its id or a unique beginning of it, its image id, or its name.</param>
/// <param name="Regions">In these regions.</param>
/// <param name="Reason">Why; the log keeps it.</param>
internal sealed record TransfersWanted(string? Snapshot, string[]? Regions, string? Reason);

/// <summary>A snapshot that is meant.</summary>
/// <param name="Snapshot">Its id or a unique beginning of it, its image id, or its name.</param>
/// <param name="Reason">Why; the log keeps it.</param>
internal sealed record SnapshotMeant(string? Snapshot, string? Reason);

/// <summary>A plan or a droplet that is meant.</summary>
/// <param name="Subject">A plan's name, or a droplet's id or name.</param>
/// <param name="Reason">Why; the log keeps it.</param>
internal sealed record SubjectMeant(string? Subject, string? Reason);
