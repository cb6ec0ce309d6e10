using System.ComponentModel.DataAnnotations;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Api;

/// <summary>The commands. Each is appended to the log, all of it or nothing; planner and workers act on it.</summary>
internal static class Commands
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/snapshots", (SnapshotsWanted wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Lists(("droplets", wanted.Droplets)), (by, newId) => ManualActs.SnapshotAsync(log, wanted.Droplets!, by, ct, newId), ct))
            .Commands("snapshot", "Asks for a snapshot of droplets by hand; it is in no plan, and no rule removes it");
        routes.MapPost("/transfers", (TransfersWanted wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http,
            wanted,
            wanted.Reason,
            [.. Text("snapshot", wanted.Snapshot), .. Lists(("regions", wanted.Regions))],
            (by, _) => ManualActs.TransferAsync(log, wanted.Snapshot!, wanted.Regions!, by, ct),
            ct))
            .Commands("transfer", "Asks for copies of a snapshot in other regions");
        MapOne(routes, "/expiries", (log, snapshot) => (by, ct) => ManualActs.ExpireAsync(log, snapshot, by, ct))
            .Commands("expire", "Asks for the removal of a snapshot, in all its regions and for good; the guards hold as ever");
        MapOne(routes, "/pins", (log, snapshot) => (by, ct) => ManualActs.PinAsync(log, snapshot, pin: true, by, ct))
            .Commands("pin", "Keeps a snapshot whatever the rules say, until it is unpinned");
        MapOne(routes, "/unpins", (log, snapshot) => (by, ct) => ManualActs.PinAsync(log, snapshot, pin: false, by, ct))
            .Commands("unpin", "Lets the rules apply to a snapshot again");
        MapOne(routes, "/retries", (log, snapshot) => (by, ct) => ManualActs.RetryAsync(log, snapshot, by, ct))
            .Commands("retry", "Has what waits of a snapshot be tried at once, and a copy that was given up again");
        MapPause(routes, "/pauses", pause: true)
            .Commands("pause", "Pauses a plan or a droplet: nothing is asked for and nothing expires; what is at work is finished");
        MapPause(routes, "/resumes", pause: false).Commands("resume", "Has a plan or a droplet go on, with the latest occurrence");
        routes.MapPost("/brake-releases", (BrakeReleaseWanted wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http,
            wanted,
            wanted.Reason,
            [.. Text("plan", wanted.Plan), .. BrakeMistakes(wanted)],
            (by, _) => BrakeActs.ReleaseAsync(log, new BrakeMeant(wanted.Plan!, wanted.Droplet, wanted.AllDroplets ?? false, wanted.HeldAtMost), by, ct),
            ct))
            .Commands("release-brake", "Lets go, for a day, what a brake holds back of a plan or of one droplet in it");
        Policies.MapCommands(routes);
    }

    private static IEnumerable<(string Field, string Why)> BrakeMistakes(BrakeReleaseWanted wanted) => wanted switch
    {
        { Droplet: not null, AllDroplets: true } => [("allDroplets", "it and 'droplet' exclude each other")],
        { HeldAtMost: < 0 } => [("heldAtMost", "a number that is not negative is wanted")],
        { Droplet: not null } => Text("droplet", wanted.Droplet),
        _ => [],
    };

    private static RouteHandlerBuilder MapOne(
        IEndpointRouteBuilder routes,
        string path,
        Func<IEventLog, string, Func<CommandedBy, CancellationToken, Task<IReadOnlyList<ManualAct>>>> acts) =>
        routes.MapPost(path, (SnapshotMeant wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Text("snapshot", wanted.Snapshot), (by, _) => acts(log, wanted.Snapshot!)(by, ct), ct));

    private static RouteHandlerBuilder MapPause(IEndpointRouteBuilder routes, string path, bool pause) =>
        routes.MapPost(path, (SubjectMeant wanted, HttpContext http, CommandRun run, IEventLog log, CancellationToken ct) => run.RunAsync(
            http, wanted, wanted.Reason, Text("subject", wanted.Subject), (by, _) => ManualActs.PauseAsync(log, wanted.Subject!, pause, by, ct), ct));

    private static IEnumerable<(string Field, string Why)> Text(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [(field, "it is required")] : [];

    private static IEnumerable<(string Field, string Why)> Lists((string Field, string?[]? Values) list) =>
        list.Values is not { Length: > 0 } || list.Values.Any(string.IsNullOrWhiteSpace) ? [(list.Field, "one or more are required")] : [];
}

/// <summary>Snapshots that are asked for.</summary>
/// <param name="Droplets">Of these droplets, by id or name.</param>
/// <param name="Reason">Why, a line of at most 500 characters; the log keeps it.</param>
internal sealed record SnapshotsWanted([property: Required] string[]? Droplets, [property: Required] string? Reason);

/// <summary>Copies that are asked for.</summary>
/// <param name="Snapshot">Of this snapshot: its id or a unique beginning of it, its image id, or its name.</param>
/// <param name="Regions">In these regions, such as lon1.</param>
/// <param name="Reason">Why, a line of at most 500 characters; the log keeps it.</param>
internal sealed record TransfersWanted([property: Required] string? Snapshot, [property: Required] string[]? Regions, [property: Required] string? Reason);

/// <summary>A snapshot that is meant.</summary>
/// <param name="Snapshot">Its id or a unique beginning of it, its image id, or its name.</param>
/// <param name="Reason">Why, a line of at most 500 characters; the log keeps it.</param>
internal sealed record SnapshotMeant([property: Required] string? Snapshot, [property: Required] string? Reason);

/// <summary>A plan or a droplet that is meant.</summary>
/// <param name="Subject">A plan's name, or a droplet's id or name.</param>
/// <param name="Reason">Why, a line of at most 500 characters; the log keeps it.</param>
internal sealed record SubjectMeant([property: Required] string? Subject, [property: Required] string? Reason);

/// <summary>A brake that is to be released for a day.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Droplet">The one droplet of it, by id or name; the plan as a whole, unless it is given.</param>
/// <param name="AllDroplets">Whether the whole plan is released although the brake is on for single droplets.</param>
/// <param name="HeldAtMost">How many snapshots it held when it was looked at: where more would go at this moment, nothing is released. What comes to go in the day that it lasts goes, too. Any number, unless this is given.</param>
/// <param name="Reason">Why what it holds may go, a line of at most 500 characters; the log keeps it.</param>
internal sealed record BrakeReleaseWanted(
    [property: Required] string? Plan, string? Droplet, bool? AllDroplets, int? HeldAtMost, [property: Required] string? Reason);
