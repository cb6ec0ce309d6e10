using DoSnapshot.Contracts;

namespace DoSnapshot.Cli.Pass;

/// <summary>What a pass says, in do-snapshot.py's words where it has them. A dry run says what it would do.</summary>
internal static partial class PassLog
{
    [LoggerMessage(800, LogLevel.Information, "will snapshot if latest is at least {Age} old")]
    public static partial void WillSnapshot(this ILogger logger, string age);

    [LoggerMessage(801, LogLevel.Information, "will snapshot every {Interval} at {At} UTC")]
    public static partial void WillSnapshotAt(this ILogger logger, string interval, string at);

    [LoggerMessage(802, LogLevel.Information, "keeping only 1 snapshot every {Interval} for snapshots older than {Age}")]
    public static partial void Keeping(this ILogger logger, string interval, string age);

    [LoggerMessage(803, LogLevel.Information, "keeping no snapshots older than {Age}")]
    public static partial void KeepingNone(this ILogger logger, string age);

    [LoggerMessage(804, LogLevel.Warning, "retention policy {Rule} uses lower age than snapshot age ({Age})")]
    public static partial void RuleYoungerThanSnapshots(this ILogger logger, string rule, string age);

    [LoggerMessage(805, LogLevel.Warning, "{Warning}")]
    public static partial void AboutToken(this ILogger logger, string warning);

    [LoggerMessage(806, LogLevel.Error, "{Message}")]
    public static partial void CannotList(this ILogger logger, string message);

    [LoggerMessage(807, LogLevel.Information, "{Count} droplets found with tag {Tag}")]
    public static partial void DropletsFound(this ILogger logger, int count, string tag);

    [LoggerMessage(871, LogLevel.Warning, "no droplet has the tag {Tag}: nothing is snapshotted; is it the right tag, and the right account's token?")]
    public static partial void NoDroplets(this ILogger logger, string tag);

    [LoggerMessage(817, LogLevel.Error, "this machine's clock is {Difference} {Way} DigitalOcean's: nothing is done until it is set right")]
    public static partial void WrongClock(this ILogger logger, string difference, string way);

    [LoggerMessage(808, LogLevel.Information, "{Count} autosnapshots found for droplet {Droplet}")]
    public static partial void SnapshotsFound(this ILogger logger, int count, string droplet);

    [LoggerMessage(809, LogLevel.Error, "droplet {Droplet}: {Message}")]
    public static partial void DropletFailed(this ILogger logger, string droplet, string message);

    [LoggerMessage(810, LogLevel.Information, "{Doing} droplet {Droplet} -> {Snapshot}")]
    public static partial void Snapshotting(this ILogger logger, string doing, string droplet, string snapshot);

    [LoggerMessage(811, LogLevel.Information, "skipping snapshot of droplet {Droplet}, most recent is {Age} old")]
    public static partial void NotDue(this ILogger logger, string droplet, string age);

    [LoggerMessage(812, LogLevel.Information,
        "skipping snapshot of droplet {Droplet}, action {ActionId} of {Began} {Stage}")]
    public static partial void AlreadyAtWork(this ILogger logger, string droplet, long actionId, string began, string stage);

    [LoggerMessage(813, LogLevel.Error, "snapshot {Snapshot} was not begun: {Trouble}")]
    public static partial void NotBegun(this ILogger logger, string snapshot, string trouble);

    [LoggerMessage(868, LogLevel.Information, "snapshot {Snapshot} is left to the services: droplet {Droplet} is to be shut down for it")]
    public static partial void LeftToServices(this ILogger logger, string snapshot, string droplet);

    [LoggerMessage(814, LogLevel.Error,
        "it is not known whether snapshot {Snapshot} was begun, as no answer came; the next run will see it")]
    public static partial void MaybeBegun(this ILogger logger, string snapshot);

    [LoggerMessage(815, LogLevel.Debug, "snapshot {Snapshot} is begun as action {ActionId}")]
    public static partial void Begun(this ILogger logger, string snapshot, long actionId);

    [LoggerMessage(816, LogLevel.Warning, "no answer came when {What} was asked for; what became of it is looked for")]
    public static partial void LookedFor(this ILogger logger, string what);

    [LoggerMessage(818, LogLevel.Information, "skipping snapshot of droplet {Droplet}, {Snapshot} is on its way since {Since}")]
    public static partial void BegunEarlier(this ILogger logger, string droplet, string snapshot, string since);

    [LoggerMessage(819, LogLevel.Information, "skipping snapshot of droplet {Droplet}, which is paused")]
    public static partial void Paused(this ILogger logger, string droplet);

    [LoggerMessage(820, LogLevel.Information, "{Doing} snapshot {Snapshot}: {Reason}")]
    public static partial void Deleting(this ILogger logger, string doing, string snapshot, string reason);

    [LoggerMessage(821, LogLevel.Debug, "keeping snapshot {Snapshot}: {Reason}")]
    public static partial void Kept(this ILogger logger, string snapshot, string reason);

    [LoggerMessage(822, LogLevel.Information,
        "keeping snapshot {Snapshot}, which the rules would delete: guard {Guard} holds it, as {Detail}")]
    public static partial void Held(this ILogger logger, string snapshot, Guard guard, string detail);

    [LoggerMessage(823, LogLevel.Warning, "keeping snapshot {Snapshot}: guard {Guard} holds it, as {Detail}")]
    public static partial void HeldAtLast(this ILogger logger, string snapshot, Guard guard, string detail);

    [LoggerMessage(824, LogLevel.Debug, "snapshot {Snapshot} is deleted")]
    public static partial void Deleted(this ILogger logger, string snapshot);

    [LoggerMessage(825, LogLevel.Information, "snapshot {Snapshot} was gone already")]
    public static partial void GoneAlready(this ILogger logger, string snapshot);

    [LoggerMessage(826, LogLevel.Error, "snapshot {Snapshot} was not deleted: {Trouble}")]
    public static partial void NotDeleted(this ILogger logger, string snapshot, string trouble);

    [LoggerMessage(827, LogLevel.Information, "snapshot {Snapshot} was to be deleted by a decision of {Decided}; that is too long ago, and a later run decides anew")]
    public static partial void DecidedTooLongAgo(this ILogger logger, string snapshot, string decided);

    [LoggerMessage(828, LogLevel.Error, "the brake is on, {Brake}; look at what would go: {Release} lets it go")]
    public static partial void BrakeIsOn(this ILogger logger, string brake, string release);

    [LoggerMessage(838, LogLevel.Error, "the brake would hold what is to go: {Detail}")]
    public static partial void BrakeWouldBeOn(this ILogger logger, string detail);

    [LoggerMessage(829, LogLevel.Error, "what would go could not be counted, and nothing is deleted: {Message}")]
    public static partial void NotCounted(this ILogger logger, string message);

    [LoggerMessage(830, LogLevel.Information, "{Doing} snapshot {Snapshot} to region {Region}")]
    public static partial void Transferring(this ILogger logger, string doing, string snapshot, string region);

    [LoggerMessage(831, LogLevel.Information, "snapshot {Snapshot} is on its way to region {Region}: action {ActionId} of {Began} {Stage}")]
    public static partial void AlreadyTransferring(
        this ILogger logger, string snapshot, string region, long actionId, string began, string stage);

    [LoggerMessage(832, LogLevel.Error, "the transfer of snapshot {Snapshot} to region {Region} was not begun: {Trouble}")]
    public static partial void TransferNotBegun(this ILogger logger, string snapshot, string region, string trouble);

    [LoggerMessage(833, LogLevel.Error,
        "it is not known whether the transfer of snapshot {Snapshot} to region {Region} was begun, as no answer came; "
        + "the next run will see it")]
    public static partial void TransferMaybeBegun(this ILogger logger, string snapshot, string region);

    [LoggerMessage(834, LogLevel.Error,
        "snapshot {Snapshot} is left as it is, as it is not known whether it is being transferred: {Message}")]
    public static partial void TransfersUnknown(this ILogger logger, string snapshot, string message);

    [LoggerMessage(835, LogLevel.Debug, "snapshot {Snapshot} is already in required regions ({Regions})")]
    public static partial void InRegions(this ILogger logger, string snapshot, string regions);

    [LoggerMessage(836, LogLevel.Information, "snapshot {Snapshot} is on its way to region {Region} since {Since}")]
    public static partial void TransferBegunEarlier(this ILogger logger, string snapshot, string region, string since);

    [LoggerMessage(840, LogLevel.Information, "DigitalOcean asks to wait {Seconds} s")]
    public static partial void AskedToWait(this ILogger logger, int seconds);

    [LoggerMessage(841, LogLevel.Information,
        "waiting, {Passed} so far: snapshots in progress {Snapshots}, transfers in progress {Transfers}")]
    public static partial void Waiting(this ILogger logger, string passed, int snapshots, int transfers);

    [LoggerMessage(842, LogLevel.Information, "snapshot {Snapshot} is complete: image {ImageId}, {Gigabytes} GB")]
    public static partial void Complete(this ILogger logger, string snapshot, long imageId, decimal gigabytes);

    [LoggerMessage(843, LogLevel.Information, "snapshot {Snapshot} is in region {Region}")]
    public static partial void Transferred(this ILogger logger, string snapshot, string region);

    [LoggerMessage(844, LogLevel.Error, "snapshot {Snapshot} failed: {Reason}")]
    public static partial void SnapshotFailed(this ILogger logger, string snapshot, string reason);

    [LoggerMessage(845, LogLevel.Error, "the transfer of snapshot {Snapshot} to region {Region} failed: {Reason}")]
    public static partial void TransferFailed(this ILogger logger, string snapshot, string region, string reason);

    [LoggerMessage(846, LogLevel.Warning, "how things stand could not be read, and is asked again: {Message}")]
    public static partial void RoundFailed(this ILogger logger, string message);

    [LoggerMessage(847, LogLevel.Error, "how things stand could not be read, and waiting ends: {Message}")]
    public static partial void GivenUp(this ILogger logger, string message);

    [LoggerMessage(860, LogLevel.Error, "the log in {Place} cannot be used: {Message}")]
    public static partial void LogCannotBeUsed(this ILogger logger, string place, string message);

    [LoggerMessage(861, LogLevel.Information, "another run is at work on the log in {Place}; waiting for it")]
    public static partial void WaitingForTurn(this ILogger logger, string place);

    [LoggerMessage(862, LogLevel.Error, "others were at work on the log in {Place} for {Minutes} minutes: nothing was done")]
    public static partial void OthersTurn(this ILogger logger, string place, string minutes);

    [LoggerMessage(866, LogLevel.Information, "another run is at work with this token; waiting for it")]
    public static partial void WaitingForOtherPass(this ILogger logger);

    [LoggerMessage(867, LogLevel.Warning, "another run has been at work with this token for {Minutes} minutes; going on all the same")]
    public static partial void TurnNotWaitedFor(this ILogger logger, string minutes);

    [LoggerMessage(870, LogLevel.Warning, "whether DigitalOcean has the regions could not be seen: {Message}")]
    public static partial void RegionsUnknown(this ILogger logger, string message);

    [LoggerMessage(872, LogLevel.Debug, "that the log cannot be compared is noted still, and could not be taken back: {Reason}")]
    public static partial void NoteNotTakenBack(this ILogger logger, string reason);

    [LoggerMessage(869, LogLevel.Warning, "{Finding}")]
    public static partial void CourseIsHeld(this ILogger logger, string finding);

    [LoggerMessage(863, LogLevel.Information, "a planner leads on the log, and is asked to decide now")]
    public static partial void AskingPlanner(this ILogger logger);

    [LoggerMessage(864, LogLevel.Error, "the planner could not decide: {Reason}")]
    public static partial void PlannerFailed(this ILogger logger, string reason);

    [LoggerMessage(865, LogLevel.Information, "the planner has decided; {Passed} later: failures {Failures}")]
    public static partial void PlannerDone(this ILogger logger, string passed, int failures);

    [LoggerMessage(850, LogLevel.Information,
        "done in {Passed}: snapshots begun {Begun}, transfers begun {Transfers}, deleted {Deleted}, held by guards {Held}, "
        + "failures {Failures}")]
    public static partial void Done(this ILogger logger, string passed, int begun, int transfers, int deleted, int held, int failures);

    [LoggerMessage(851, LogLevel.Information,
        "dry run, nothing was changed: snapshots to begin {Begun}, transfers to begin {Transfers}, to delete {Deleted}, "
        + "held by guards {Held}, failures {Failures}")]
    public static partial void DryRunDone(this ILogger logger, int begun, int transfers, int deleted, int held, int failures);

    [LoggerMessage(852, LogLevel.Warning, "interrupted; what was begun at DigitalOcean goes on there")]
    public static partial void Interrupted(this ILogger logger);
}
