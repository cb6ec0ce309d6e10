using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Operating.Manual;

/// <summary>One thing that a person commands.</summary>
/// <param name="What">What it is, for people: <c>pin snapshot 'web-1-…'</c>.</param>
/// <param name="Done">What is told when it is in the log.</param>
/// <param name="DropletId">The droplet under whose lock it is decided; null for a plan's.</param>
/// <param name="OnDroplet">Decides it; null for a plan's.</param>
/// <param name="OnFleet">Decides it for a plan; null for a droplet's.</param>
/// <param name="Stream">The stream that its event is in.</param>
/// <param name="Follow">The id or name under which the log's history tells what comes of it.</param>
/// <param name="IsIts">Whether an event of that stream is what this very command wrote.</param>
/// <param name="Outcome">What came of it, where that takes time: null while it goes on.</param>
internal sealed record ManualAct(
    string What,
    string Done,
    long? DropletId,
    Func<DropletLedger, Commanded>? OnDroplet,
    Func<FleetFacts, Commanded>? OnFleet = null,
    string Stream = "",
    string Follow = "",
    Func<object, bool>? IsIts = null,
    Func<DropletLedger, ManualOutcome?>? Outcome = null);

/// <summary>What came of a command in the end.</summary>
/// <param name="IsGood">Whether it is what was wanted.</param>
/// <param name="Words">In words.</param>
internal sealed record ManualOutcome(bool IsGood, string Words);
