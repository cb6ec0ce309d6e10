namespace DoSnapshot.Benchmarks;

/// <summary>An event of the log to be, with what a store notes of it.</summary>
/// <param name="At">When it was appended.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Version">Its place there.</param>
/// <param name="Data">The event.</param>
internal sealed record GeneratedEvent(DateTimeOffset At, Guid Id, string Stream, long Version, object Data);
