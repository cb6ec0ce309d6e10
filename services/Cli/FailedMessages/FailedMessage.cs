namespace DoSnapshot.Cli.FailedMessages;

/// <summary>A message that no worker could handle, as it lies in an error queue.</summary>
/// <param name="Queue">The worker's queue that it came from.</param>
/// <param name="Id">Its id; null for one that was published without.</param>
/// <param name="What">What kind of message it is, as far as it says.</param>
/// <param name="Reason">Why it could not be handled.</param>
/// <param name="At">When that was, as the header says; null when it does not.</param>
/// <param name="Body">What it says.</param>
internal sealed record FailedMessage(string Queue, string? Id, string What, string Reason, string? At, string Body);
