namespace DoSnapshot.Lifecycle.Plans;

/// <summary>Why a term of a plan cannot be used.</summary>
/// <param name="Term">The term, in words: <c>keep at least</c>.</param>
/// <param name="Value">What it says; of a list, the one entry that is wrong.</param>
/// <param name="Wanted">What is wanted instead, in words.</param>
/// <param name="Entry">Which entry of a list it is, from 0; null where the term is no list.</param>
public sealed record PlanProblem(string Term, string? Value, string Wanted, int? Entry = null);
