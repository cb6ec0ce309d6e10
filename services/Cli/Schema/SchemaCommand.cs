using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Hosting.Log;
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
        var workers = new Option<string[]>("--grant-workers")
        {
            Description = "Gives this role of the database what the services need: to read, and to append; several --grant-workers are possible.",
        };
        var readers = new Option<string[]>("--grant-readers") { Description = "Gives this role what questions need: to read; several --grant-readers are possible." };
        command.Options.Add(workers);
        command.Options.Add(readers);
        place.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var surroundings = Surroundings.Of(parsed);
            return RunAsync(() => place.Read(parsed, surroundings.Variable).Log, parsed.GetValue(workers) ?? [], parsed.GetValue(readers) ?? [], surroundings, ct);
        });
        return command;
    }

    /// <summary>Runs it.</summary>
    /// <param name="place">Where the log is to be.</param>
    /// <param name="workers">The roles that are given what services need.</param>
    /// <param name="readers">The roles that are given what questions need.</param>
    /// <param name="surroundings">Where it writes.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>0 when all is there, 1 where PostgreSQL cannot be used, 2 for wrong usage.</returns>
    private static async Task<int> RunAsync(
        Func<LogPlace?> place, IReadOnlyList<string> workers, IReadOnlyList<string> readers, Surroundings surroundings, CancellationToken ct)
    {
        try
        {
            var there = place() ?? throw new UsageException(
                $"{Name} needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, or {CommandOptions.Data.Display} DIR");
            await using var opened = await OpenedLog.OpenAsync(there, surroundings.Clock, ct);
            await surroundings.Output.WriteLineAsync($"The tables of the log in {there} are there and up to date.");
            foreach (var role in workers)
            {
                await LogRoles.GrantWorkersAsync(opened.ConnectionString, role, ct);
                await surroundings.Output.WriteLineAsync($"Role '{role}' may read and append, and change no event.");
            }

            foreach (var role in readers)
            {
                await LogRoles.GrantReadersAsync(opened.ConnectionString, role, ct);
                await surroundings.Output.WriteLineAsync($"Role '{role}' may read.");
            }

            return ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, surroundings.Error);
        }
        catch (LogRoleException e)
        {
            return ExitCodes.Refuse(new UsageException(e.Message), surroundings.Error);
        }
        catch (Exception e) when (e is LocalServerException || OpenedLog.IsTheDatabases(e))
        {
            await surroundings.Error.WriteLineAsync($"{Usage.Program}: the tables of the log, or the grants, cannot be made: {e.GetBaseException().Message}");
            return ExitCodes.Failed;
        }
    }
}
