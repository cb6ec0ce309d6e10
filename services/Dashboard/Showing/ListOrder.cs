namespace DoSnapshot.Dashboard.Showing;

/// <summary>An order that a list can be put into.</summary>
/// <typeparam name="T">What is in the list.</typeparam>
/// <param name="Name">What it is called.</param>
/// <param name="By">What is compared; null for the order in which the list comes.</param>
public sealed record ListOrder<T>(string Name, Func<T, IComparable?>? By = null);
