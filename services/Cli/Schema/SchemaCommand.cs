using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.LocalServers;
using Marten;

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
        var workers = new Option<string[]>("--grant-workers")
        {
            Description = "Gives this role of the database what the services need: to read, and to append; may be repeated.",
        };
        var readers = new Option<string[]>("--grant-readers") { Description = "Gives this role what questions need: to read; may be repeated." };
        var command = new Command(
            Name,
            "Makes the tables of the log, or brings them up to date, and nothing else. Every service does so when it starts, unless its role in the database may not.")
        {
            workers,
            readers,
        };
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
    /// <returns>0 when all is there, 1 where PostgreSQL or a role cannot be used, 2 for wrong usage.</returns>
    private static async Task<int> RunAsync(
        Func<LogPlace?> place, IReadOnlyList<string> workers, IReadOnlyList<string> readers, Surroundings surroundings, CancellationToken ct)
    {
        var what = "the tables of the log cannot be made";
        try
        {
            var there = place() ?? throw new UsageException(
                $"{Name} needs the log: {CommandOptions.Store.Display} CONNECTION, {LogPlace.Variable} in the environment, or {CommandOptions.Data.Display} DIR");
            if (workers.Intersect(readers, StringComparer.Ordinal).FirstOrDefault() is { } both)
            {
                throw new UsageException($"role '{both}' cannot be given both: what services need has what questions need");
            }

            await using var opened = await OpenedLog.OpenAsync(there, surroundings.Clock, ct);
            // Opening looks at their number alone: whoever asks wants each table looked at.
            await using (var store = DocumentStore.For(options => LogStore.Configure(options, opened.ConnectionString, surroundings.Clock)))
            {
                await LogSchema.ApplyAgainAsync(store, opened.ConnectionString, ct);
            }

            await surroundings.Output.WriteLineAsync($"The tables of the log in {there} are there and up to date.");
            what = "the roles cannot be given their rights";
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
        catch (Exception e) when (e is LocalServerException || OpenedLog.IsTheDatabases(e))
        {
            await surroundings.Error.WriteLineAsync($"{Usage.Program}: {what}: {e.GetBaseException().Message}");
            return ExitCodes.Failed;
        }
    }
}
