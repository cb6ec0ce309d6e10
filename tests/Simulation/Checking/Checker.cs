using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>Something that must never happen has happened.</summary>
/// <param name="Invariant">Which of the invariants is broken, by its number and a word.</param>
/// <param name="At">When.</param>
/// <param name="What">In words.</param>
internal sealed record Violation(string Invariant, DateTimeOffset At, string What)
{
    public override string ToString() => $"{Invariant}, {At:yyyy-MM-dd HH:mm:ss}: {What}";
}

/// <summary>
/// Watches over one invariant. It sees what happened, in order, beside the books as they were right before; it never asks the product what is right.
/// </summary>
internal abstract class Checker(string invariant)
{
    private readonly List<Violation> _found = [];

    public IReadOnlyList<Violation> Found => _found;

    /// <summary>Something happened.</summary>
    public virtual void See(Happening happening, Books before)
    {
    }

    /// <summary>The world has come to its end, after the quiet days.</summary>
    public virtual void End(World world, Books books)
    {
    }

    protected void Violated(DateTimeOffset at, string what) => _found.Add(new Violation(invariant, at, what));
}

/// <summary>All checkers over one world.</summary>
internal static class Checks
{
    /// <summary>
    /// One for each invariant of the design. The fifth, that a droplet which was shut down for its snapshot is powered on again, has its checker here
    /// as soon as plans can ask for powered-off snapshots.
    /// </summary>
    public static IReadOnlyList<Violation> Run(World world)
    {
        Checker[] checkers = [new Doubled(), new Fulfilled(), new WronglyDeleted(), new BrakePassed(), new Remembered(), new OverQuota()];
        var books = new Books();
        foreach (var happening in world.History)
        {
            foreach (var checker in checkers)
            {
                checker.See(happening, books);
            }

            if (happening is Happening.Appended appended)
            {
                books.Apply(appended.Event.Data, appended.Decision, appended.At);
            }
        }

        foreach (var checker in checkers)
        {
            checker.End(world, books);
        }

        return [.. checkers.SelectMany(c => c.Found)];
    }
}
