using DoSnapshot.Cli.Arguments;
using DoSnapshot.Hosting.Log;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Cli.KeptLog;

/// <summary>A command's use of a log that is there already: opened, worked on, and what goes wrong with it told.</summary>
internal static class LogUse
{
    private const int LongestLine = 500;

    /// <summary>Opens the log and runs something on it.</summary>
    /// <param name="command">The command's name, for errors.</param>
    /// <param name="place">Where the log is; null where nobody said.</param>
    /// <param name="run">Is given the log and the moment, by the clock of the log's database: this machine's may be any operator's notebook's.</param>
    /// <param name="errors">Takes what went wrong.</param>
    /// <param name="clock">The log's.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit code: what <paramref name="run"/> gives, 1 where the log cannot be used, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(
        string command, LogPlace? place, Func<OpenedLog, DateTimeOffset, Task<int>> run, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            if (place is null)
            {
                throw new UsageException(
                    $"{command} needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, or {CommandOptions.Data.Display} DIR");
            }

            await using var opened = await OpenedLog.ReadAsync(place, clock, ct);
            if (opened.ConnectionString.Length == 0)
            {
                await errors.WriteLineAsync($"{Usage.Program}: there is no log in {place}, or this user may not read it");
                return ExitCodes.Failed;
            }

            return await run(opened, await new LogDatabase(opened.ConnectionString).NowAsync(ct));
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
        catch (SubjectException e)
        {
            return ExitCodes.Refuse(new UsageException(e.Message), errors);
        }
        catch (DirectoryUnusableException e)
        {
            return ExitCodes.Refuse(UsageException.For(CommandOptions.Data, place!.Directory, e.Message), errors);
        }
        catch (Exception e) when (e is LocalServerException or InvalidDataException || OpenedLog.IsTheDatabases(e))
        {
            await errors.WriteLineAsync($"{Usage.Program}: the log in {place} cannot be used: {(e is InvalidDataException ? e : e.GetBaseException()).Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>A line of text for the log, for people to read.</summary>
    /// <exception cref="UsageException">There is none, or it is too long or has control characters or marks of direction.</exception>
    public static string Line(string? given, string option, string what)
    {
        var text = given?.Trim() ?? "";
        return text.Length switch
        {
            0 => throw new UsageException($"{option} is required: {what}"),
            > LongestLine => throw new UsageException($"{option}: {text.Length} characters are too many, {LongestLine} at most"),
            _ => ShownText.IsPlain(text) ? text : throw UsageException.For(option, text, "a line of text without control characters or marks of direction is wanted"),
        };
    }
}
