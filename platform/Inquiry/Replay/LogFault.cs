using System.Runtime.InteropServices;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>What can be wrong with an event by its place in the log or by what it says, before anything is decided.</summary>
public enum LogFaultKind
{
    /// <summary>The stream's versions have a gap before it: events of the stream are missing.</summary>
    MissingEvents = 0,

    /// <summary>The stream's version was there already.</summary>
    RepeatedEvent = 1,

    /// <summary>It stands after an event of a higher sequence.</summary>
    OutOfOrder = 2,

    /// <summary>The stream begins with what cannot begin one.</summary>
    CannotStart = 3,

    /// <summary>It cannot be applied to what was known.</summary>
    CannotBeApplied = 4,

    /// <summary>It says that it is about something else than its stream.</summary>
    WrongStream = 5,

    /// <summary>It states a plan that cannot be read, or whose version does not follow the last one's.</summary>
    BadPlan = 6,
}

/// <summary>Something that is wrong with an event.</summary>
/// <param name="Kind">What.</param>
/// <param name="Detail">In words.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogFault(LogFaultKind Kind, string Detail);
