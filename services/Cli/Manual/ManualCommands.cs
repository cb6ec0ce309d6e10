using System.CommandLine;
using System.Text.Json.Nodes;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.ByApi;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Cli.Manual;

/// <summary>The commands by hand. They are in the log with who gave them and why; planner and workers act on them.</summary>
internal static class ManualCommands
{
    /// <summary>Their names.</summary>
    public static bool Has(string word) => word is "snapshot" or "transfer" or "expire" or "pin" or "unpin" or "retry" or "pause" or "resume" or "plan";

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> Make() => [Snapshot(), Transfer(), Expire(), Pin(pin: true), Pin(pin: false), Retry(), Pause(pause: true), Pause(pause: false), Policy()];

    private static Command Snapshot()
    {
        var droplets = new Argument<string[]>("DROPLET") { Description = "Droplets that the log knows, by id or name.", Arity = ArgumentArity.OneOrMore };
        return Make(
            new Command("snapshot", "Asks for a snapshot of droplets by hand. It is in no plan: no rule removes it.") { droplets },
            waits: true,
            (parsed, log, by, ct) => ManualActs.SnapshotAsync(log, parsed.GetValue(droplets)!, by, ct),
            parsed => new ApiCommand("snapshots", new JsonObject { ["droplets"] = List(parsed.GetValue(droplets)!) }, (_, s) => Outcomes.OfSnapshot(s)));
    }

    private static Command Transfer()
    {
        var snapshot = One();
        var regions = new Option<string[]>("--region", "-r") { Description = "The region that shall hold a copy; may be repeated.", Required = true };
        return Make(
            new Command("transfer", "Asks for copies of a snapshot in other regions.") { snapshot, regions },
            waits: true,
            (parsed, log, by, ct) => ManualActs.TransferAsync(log, parsed.GetValue(snapshot)!, parsed.GetValue(regions)!, by, ct),
            parsed =>
            {
                string[] wanted = [.. parsed.GetValue(regions)!.Distinct(StringComparer.Ordinal)];
                return new ApiCommand(
                    "transfers",
                    new JsonObject { ["snapshot"] = parsed.GetValue(snapshot), ["regions"] = List(wanted) },
                    (at, s) => Outcomes.OfTransfer(s, wanted[at]));
            });
    }

    private static Command Expire()
    {
        var snapshot = One();
        return Make(
            new Command("expire", "Asks for the removal of a snapshot, in all its regions and for good. The guards hold as ever.") { snapshot },
            waits: true,
            (parsed, log, by, ct) => ManualActs.ExpireAsync(log, parsed.GetValue(snapshot)!, by, ct),
            parsed => Of("expiries", "snapshot", parsed.GetValue(snapshot)) with { Outcome = (_, s) => Outcomes.OfExpiry(s) });
    }

    private static Command Pin(bool pin)
    {
        var snapshot = One();
        return Make(
            new Command(pin ? "pin" : "unpin", pin ? "Keeps a snapshot whatever the rules say, until it is unpinned." : "Lets the rules apply to a snapshot again.") { snapshot },
            waits: false,
            (parsed, log, by, ct) => ManualActs.PinAsync(log, parsed.GetValue(snapshot)!, pin, by, ct),
            parsed => Of(pin ? "pins" : "unpins", "snapshot", parsed.GetValue(snapshot)));
    }

    private static Command Retry()
    {
        var snapshot = One();
        return Make(
            new Command("retry", "Has what waits of a snapshot be tried at once: the snapshot itself, its copies, its removal; a copy that was given up, too.") { snapshot },
            waits: true,
            (parsed, log, by, ct) => ManualActs.RetryAsync(log, parsed.GetValue(snapshot)!, by, ct),
            parsed => Of("retries", "snapshot", parsed.GetValue(snapshot)) with { Outcome = (_, s) => Outcomes.OfRetry(s) });
    }

    private static Command Pause(bool pause)
    {
        var subject = new Argument<string>("PLAN|DROPLET") { Description = "A plan's name, or a droplet's id or name. plan/NAME is the plan where a droplet has its name, too." };
        return Make(
            new Command(
                pause ? "pause" : "resume",
                pause
                    ? "Pauses a plan or a droplet: nothing is asked for and nothing expires; what is at work is finished."
                    : "Has a plan or a droplet go on, with the latest occurrence.") { subject },
            waits: false,
            (parsed, log, by, ct) => ManualActs.PauseAsync(log, parsed.GetValue(subject)!, pause, by, ct),
            parsed => Of(pause ? "pauses" : "resumes", "subject", parsed.GetValue(subject)));
    }

    private static Command Policy()
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan's name." };
        var keep = new Option<string[]>("--keep", "-k") { Description = "A rule INTERVAL:AGE in place of all of the plan's own, such as 1w:1m; may be repeated.", Required = true };
        var every = new Option<string?>("--snapshot", "-s") { Description = "The time between snapshots (default: as it is)." };
        var basedOn = new Option<int>("--based-on") { Description = "The version of the plan that was looked at: where it is another by now, nothing is changed.", Required = true };
        return Make(
            new Command("plan", "Saves another policy as the next version of a plan; what it lets go goes past the guards and the brake as ever.") { plan, keep, every, basedOn },
            waits: false,
            (parsed, log, by, ct) => PolicyActs.ChangeAsync(
                log, parsed.GetValue(plan)!, new PolicyWanted(parsed.GetValue(keep)!, parsed.GetValue(every), parsed.GetValue(basedOn)), by, ct),
            parsed => new ApiCommand(
                $"plans/{Uri.EscapeDataString(parsed.GetValue(plan)!)}/policy",
                new JsonObject { ["keep"] = List(parsed.GetValue(keep)!), ["every"] = parsed.GetValue(every), ["basedOn"] = parsed.GetValue(basedOn) })
            {
                Replaces = true,
            });
    }

    private static Argument<string> One() => new("SNAPSHOT") { Description = "Its id or a unique beginning of it, its image id, or its name." };

    private static ApiCommand Of(string path, string field, string? value) => new(path, new JsonObject { [field] = value });

    private static JsonArray List(string[] values) => [.. values.Select(v => (JsonNode)v)];

    private static Command Make(
        Command command,
        bool waits,
        Func<ParseResult, IEventLog, CommandedBy, CancellationToken, Task<IReadOnlyList<ManualAct>>> acts,
        Func<ParseResult, ApiCommand> byApi)
    {
        var reason = new Option<string?>("--reason") { Description = "Why; it is required, and the log keeps it." };
        var actor = ActorOption();
        var wait = new Option<bool>("--wait") { Description = waits ? "Stay until it is known what came of it." : "For nothing: it is done when this ends." };
        var place = new PlaceOptions();
        command.Options.Add(reason);
        command.Options.Add(actor);
        command.Options.Add(wait);
        place.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var surroundings = Surroundings.Of(parsed);
            try
            {
                var why = LogUse.Line(parsed.GetValue(reason), "--reason", "why; the log keeps it");
                var isWaitedFor = waits && parsed.GetValue(wait);
                var (log, api) = place.Read(parsed, surroundings.Variable);
                if (api is not null)
                {
                    NoActor(parsed, actor);
                    return await ApiUse.RunAsync(api, caller => byApi(parsed).RunAsync(api, caller, why, isWaitedFor, surroundings, ct), surroundings);
                }

                var who = LogUse.Line(Actor(parsed, actor), "--by", "who says so; the log keeps it");
                return await LogUse.RunAsync(
                    command.Name,
                    log,
                    async (opened, now) =>
                    {
                        // Whoever keeps the directory open himself keeps out those who would do it: there is nothing to wait for.
                        var isServed = log!.Directory is null || opened.IsBorrowed;
                        if (isWaitedFor && !isServed)
                        {
                            await surroundings.Error.WriteLineAsync(
                                $"{Usage.Program}: --wait: nobody works on the log in {log} at this moment, and nothing was asked for; without --wait, the next 'serve' or pass on it does it");
                            return ExitCodes.Failed;
                        }

                        return await ManualRun.RunAsync(
                            opened.Log,
                            await acts(parsed, opened.Log, new CommandedBy(who, why, now), ct),
                            isWaitedFor,
                            surroundings.Output,
                            surroundings.Error,
                            surroundings.Clock,
                            ct);
                    },
                    surroundings.Error,
                    surroundings.Clock,
                    ct);
            }
            catch (UsageException e)
            {
                return ExitCodes.Refuse(e, surroundings.Error);
            }
        });
        return command;
    }

    /// <summary><c>--by</c>.</summary>
    internal static Option<string?> ActorOption() => new("--by") { Description = "Who says so (default: the user of this machine); an API knows that by the token." };

    /// <summary>Who commands, where the log is commanded itself.</summary>
    internal static string Actor(ParseResult parsed, Option<string?> actor) => parsed.GetValue(actor) ?? $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>Refuses <c>--by</c>, where an API is commanded.</summary>
    /// <exception cref="UsageException">It is given.</exception>
    internal static void NoActor(ParseResult parsed, Option<string?> actor)
    {
        if (parsed.GetValue(actor) is not null)
        {
            throw new UsageException($"{actor.Name} and {ApiPlace.Option} exclude each other: the API knows by the token who commands");
        }
    }
}
