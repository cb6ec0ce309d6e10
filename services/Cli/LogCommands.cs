using System.CommandLine;
using System.Text.Json.Nodes;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Brakes;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.Manual;

namespace DoSnapshot.Cli;

/// <summary>The commands to a log.</summary>
internal static class LogCommands
{
    /// <summary><c>release-brake</c>.</summary>
    public static Command ReleaseBrake()
    {
        var plan = new Argument<string?>("PLAN") { Description = "The plan to release. Without it: which brakes are on.", Arity = ArgumentArity.ZeroOrOne };
        var droplet = new Option<string?>("--droplet") { Description = "Release this droplet of it alone, by id or name." };
        var all = new Option<bool>("--all-droplets") { Description = "Release the whole plan although the brake is on for single droplets." };
        var reason = new Option<string?>("--reason") { Description = "Why what is held may go; the log keeps it." };
        var json = new Option<bool>("--json") { Description = "Which brakes are on, for programs." };
        var actor = ManualCommands.ActorOption();
        var place = new PlaceOptions();
        var command = new Command(
            "release-brake",
            "Says which brakes are on in a log: where too much would have gone within a day, nothing goes until somebody has looked. Releases one for a day.")
        {
            plan, droplet, all, reason, json, actor,
        };
        place.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var surroundings = Surroundings.Of(parsed);
            try
            {
                var (log, api) = place.Read(parsed, surroundings.Variable);
                var options = new ReleaseBrakeOptions
                {
                    Plan = parsed.GetValue(plan),
                    Droplet = parsed.GetValue(droplet),
                    AllDroplets = parsed.GetValue(all),
                    Reason = parsed.GetValue(reason),
                    Json = parsed.GetValue(json),
                    Actor = api is null ? ManualCommands.Actor(parsed, actor) : null,
                    Log = log,
                };
                if (api is null)
                {
                    return await ReleaseBrakeCommand.RunAsync(options, surroundings.Output, surroundings.Error, surroundings.Clock, ct);
                }

                ManualCommands.NoActor(parsed, actor);
                return await ApiUse.RunAsync(api, caller => ByApiAsync(options, api, caller, surroundings, ct), surroundings);
            }
            catch (UsageException e)
            {
                return ExitCodes.Refuse(e, surroundings.Error);
            }
        });
        return command;
    }

    private static Task<int> ByApiAsync(ReleaseBrakeOptions options, ApiPlace api, ApiCaller caller, Surroundings surroundings, CancellationToken ct)
    {
        if (options.Lists)
        {
            return new ApiQuestion("brakes", []).AskAsync(api, caller, options.Json, surroundings.Output, ct);
        }

        var (meant, why) = ReleaseBrakeCommand.Meant(options);
        var body = new JsonObject { ["plan"] = meant.Plan, ["droplet"] = meant.Droplet, ["allDroplets"] = meant.AllDroplets };
        return new ApiCommand("brake-releases", body).RunAsync(api, caller, why, wait: false, surroundings, ct);
    }
}
