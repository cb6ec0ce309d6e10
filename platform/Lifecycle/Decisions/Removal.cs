namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>How many snapshots of a plan, or of one droplet in it, go by rule within a day, and how many stay.</summary>
/// <param name="Gone">Those that went, or are about to.</param>
/// <param name="Going">Those that would go now.</param>
/// <param name="Staying">The complete ones that stay.</param>
public readonly record struct Removal(int Gone, int Going, int Staying)
{
    /// <summary>Both together.</summary>
    public Removal Add(Removal other) => new(Gone + other.Gone, Going + other.Going, Staying + other.Staying);

    /// <summary>Whether something goes that makes it more than half, and more than so many.</summary>
    public bool IsTooMuch(int free) => Going > 0 && Gone + Going > free && Gone + Going > Staying;

    /// <summary>In words.</summary>
    /// <param name="whose">The plan or the droplet.</param>
    public string Describe(string whose) =>
        $"{Gone + Going} of {Gone + Going + Staying} snapshots of {whose} would go within a day{(Gone == 0 ? "" : $", {Gone} of which went already")}";
}
