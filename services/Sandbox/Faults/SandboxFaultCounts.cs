namespace DoSnapshot.Sandbox;

/// <summary>How many faults were injected since the account began.</summary>
/// <param name="Total">All.</param>
/// <param name="ByKind">By kind; those that there were.</param>
/// <param name="ByCall">By call, as <c>POST /v2/droplets/{id}/actions</c>, and in it by kind.</param>
public sealed record SandboxFaultCounts(
    long Total,
    IReadOnlyDictionary<SandboxFaultKind, long> ByKind,
    IReadOnlyDictionary<string, IReadOnlyDictionary<SandboxFaultKind, long>> ByCall);
