using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Brakes;

namespace DoSnapshot.Cli;

/// <summary>The commands to a log.</summary>
internal static class LogCommands
{
    /// <summary><c>release-brake</c>.</summary>
    public static Command ReleaseBrake()
    {
        var plan = new Argument<string?>("PLAN") { Description = "The plan to release. Without it: which brakes are on.", Arity = ArgumentArity.ZeroOrOne };
        var droplet = new Option<string?>("--droplet") { Description = "Release this droplet of it alone, by id or name." };
        var reason = new Option<string?>("--reason") { Description = "Why what is held may go; the log keeps it." };
        var actor = new Option<string?>("--by") { Description = "Who says so (default: the user of this machine)." };
        var store = new Option<string?>(CommandOptions.Store.Display) { Description = $"The log in this PostgreSQL; also by {LogPlace.Variable}." };
        var data = new Option<string?>(CommandOptions.Data.Display) { Description = "The log in this directory." };
        var command = new Command(
            "release-brake",
            "Says which brakes are on in a log: where too much would have gone within a day, nothing goes until somebody has looked. Releases one for a day.")
        {
            plan, droplet, reason, actor, store, data,
        };
        command.SetAction((parsed, ct) =>
        {
            try
            {
                return ReleaseBrakeCommand.RunAsync(
                    new ReleaseBrakeOptions
                    {
                        Plan = parsed.GetValue(plan),
                        Droplet = parsed.GetValue(droplet),
                        Reason = parsed.GetValue(reason),
                        Actor = parsed.GetValue(actor) ?? $"{Environment.UserName}@{Environment.MachineName}",
                        Log = LogPlace.Read(parsed.GetValue(store), parsed.GetValue(data), Environment.GetEnvironmentVariable),
                    },
                    Console.Out,
                    Console.Error,
                    TimeProvider.System,
                    ct);
            }
            catch (UsageException e)
            {
                return Task.FromResult(ExitCodes.Refuse(e, Console.Error));
            }
        });
        return command;
    }
}
