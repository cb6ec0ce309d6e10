namespace DoSnapshot.Lifecycle.Plans;

/// <summary>The brake on what would expire of a plan, or of one droplet in it.</summary>
/// <param name="PlanVersion">The version of the plan that would have let too much go: it holds for that alone.</param>
/// <param name="Detail">What would have gone.</param>
/// <param name="AppliedAt">When, UTC.</param>
/// <param name="ReleasedAt">When an operator released it, UTC; null while it holds.</param>
public sealed record Brake(int PlanVersion, string Detail, DateTimeOffset AppliedAt, DateTimeOffset? ReleasedAt = null);
