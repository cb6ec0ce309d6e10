using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Demo;
using DoSnapshot.Cli.Doctor;
using DoSnapshot.Cli.FailedMessages;
using DoSnapshot.Cli.Manual;
using DoSnapshot.Cli.Questions;
using DoSnapshot.Cli.Rebuild;
using DoSnapshot.Cli.Schema;
using DoSnapshot.Cli.Serve;

namespace DoSnapshot.Cli;

/// <summary>The commands that do-snapshot.py does not have. Loaded only when one of them is asked for.</summary>
internal static class Subcommands
{
    /// <summary>Whether a word is the name of one.</summary>
    public static bool Has(string word) => word is "demo" or "lint" or "retention" or "release-brake" or "doctor" or ServeCommand.Name or FailedMessagesCommand.Name
        or "status" or "history" or "explain" or "audit" or "what-if" or "forecast" or RebuildCommand.Name or SchemaCommand.Name || ManualCommands.Has(word);

    /// <summary>Runs one. The exit code.</summary>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, new Surroundings());

    /// <summary>Runs one in surroundings of somebody's own. The exit code.</summary>
    internal static async Task<int> RunAsync(string[] args, Surroundings surroundings)
    {
        var root = new RootCommand("Keeps snapshots of DigitalOcean droplets.")
        {
            DemoCommand(), PolicyCommands.Lint(), PolicyCommands.Retention(), ServeCommand.Create(), LogCommands.ReleaseBrake(), DoctorCommand.Make(),
            FailedMessagesCommand.Make(), StatusCommand.Make(), HistoryCommand.Make(), ExplainCommand.Make(), AuditCommand.Make(), WhatIfCommand.Make(), ForecastCommand.Make(),
            RebuildCommand.Make(), SchemaCommand.Make(),
        };
        foreach (var command in ManualCommands.Make())
        {
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await surroundings.Error.WriteLineAsync($"{Usage.Program}: {error.Message}");
            }

            await surroundings.Error.WriteLineAsync($"{Usage.Program}: see '{Usage.Program} --help'");
            return ExitCodes.WrongUsage;
        }

        // What serves answers the signals itself, and takes the time that it needs to end.
        var serves = string.Equals(parsed.CommandResult.Command.Name, ServeCommand.Name, StringComparison.Ordinal);
        surroundings.ProcessTerminationTimeout = serves ? null : surroundings.ProcessTerminationTimeout;
        return await parsed.InvokeAsync(surroundings);
    }

    private static Command DemoCommand()
    {
        var days = new Option<int>("--days") { Description = "Simulated days, 1 to 366.", DefaultValueFactory = _ => 30 };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var value) && value is >= 1 and <= 366))
            {
                result.AddError($"--days '{text}' must be a number from 1 to 366");
            }
        });
        var stay = new Option<bool>("--stay") { Description = "Go on afterwards, a simulated minute each second, until Ctrl+C." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show what the services log, on stderr." };
        var demo = new Command(
            "demo",
            "Runs everything in one process on a practice account: no Docker, no DigitalOcean account, no cost. "
            + "Needs PostgreSQL's programs, which it runs privately and leaves nothing of.")
        {
            days,
            stay,
            verbose,
        };
        demo.SetAction((parsed, ct) =>
            DemoRun.RunAsync(new DemoOptions(parsed.GetValue(days), parsed.GetValue(stay), parsed.GetValue(verbose)), ct));
        return demo;
    }
}
