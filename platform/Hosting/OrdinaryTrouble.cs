using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Account;
using Npgsql;

namespace DoSnapshot.Hosting;

/// <summary>
/// Trouble that comes and goes, or that an operator must mend: DigitalOcean or PostgreSQL is away or refuses. Its words say it all, and a stack with every
/// try would bury them.
/// </summary>
public static class OrdinaryTrouble
{
    private const int MostNamed = 3;

    /// <summary>What it says, on one line; null for anything else, whose stack is wanted.</summary>
    public static string? Describe(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e is AggregateException several)
        {
            var all = several.Flatten().InnerExceptions.Select(Describe).ToList();
            return all.Contains(null) ? null : string.Join("; ", all.Distinct(StringComparer.Ordinal).Take(MostNamed));
        }

        return e is DigitalOceanException or AccountMismatchException || e.GetBaseException() is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
            ? e.GetBaseException().Message.ReplaceLineEndings(" ")
            : null;
    }
}
