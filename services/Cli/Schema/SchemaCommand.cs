using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Cli.Schema;

/// <summary><c>schema</c>: makes the log's tables, or brings them up to date, and ends. For installations whose services may not do it themselves.</summary>
internal static class SchemaCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "schema";

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var place = new PlaceOptions(isLocal: true);
        var command = new Command(
            Name,
            "Makes the tables of the log, or brings them up to date, and nothing else. Every service does so when it starts, unless its role in the database may not.");
        place.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var surroundings = Surroundings.Of(parsed);
            return RunAsync(() => place.Read(parsed, surroundings.Variable).Log, surroundings, ct);
        });
        return command;
    }

    /// <summary>Runs it.</summary>
    /// <param name="place">Where the log is to be.</param>
    /// <param name="surroundings">Where it writes.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>0 when all is there, 1 where PostgreSQL cannot be used, 2 for wrong usage.</returns>
    private static async Task<int> RunAsync(Func<LogPlace?> place, Surroundings surroundings, CancellationToken ct)
    {
        try
        {
            var there = place() ?? throw new UsageException(
                $"{Name} needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, or {CommandOptions.Data.Display} DIR");
            await using var opened = await OpenedLog.OpenAsync(there, surroundings.Clock, ct);
            await surroundings.Output.WriteLineAsync($"The tables of the log in {there} are there and up to date.");
            return ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, surroundings.Error);
        }
        catch (Exception e) when (e is LocalServerException || OpenedLog.IsTheDatabases(e))
        {
            await surroundings.Error.WriteLineAsync($"{Usage.Program}: the tables of the log cannot be made: {e.GetBaseException().Message}");
            return ExitCodes.Failed;
        }
    }
}
