using System.CommandLine;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Output;
using DoSnapshot.Cli.Pass;
using DoSnapshot.Cli.Retention;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli;

/// <summary>The commands that say what a policy does and change nothing.</summary>
internal static class PolicyCommands
{
    /// <summary><c>lint</c>.</summary>
    public static Command Lint()
    {
        var (every, keep, json) = (Every(), Keep(), Json());
        var lint = new Command("lint", "Says what a retention policy will really do, and what is wrong with it. Exit code 1 if a rule cannot do what it says.")
        {
            every,
            keep,
            json,
        };
        lint.SetAction(parsed => StandardOutput.Run(output => LintCommand.Run(
            new LintOptions { Every = parsed.GetValue(every), Keep = parsed.GetValue(keep) ?? [], Json = parsed.GetValue(json) },
            output,
            Console.Error)));
        return lint;
    }

    /// <summary><c>retention</c>.</summary>
    public static Command Retention()
    {
        var (every, keep, json) = (Every(), Keep(), Json());
        var snapshots = new Option<string?>("--snapshots")
        {
            Description = "A JSON file of snapshots, - for the standard input: [{\"id\",\"created_at\",\"name\"?,\"size_gigabytes\"?}]. Without it, the account's.",
        };
        var at = new Option<string?>("--at") { Description = "The moment to judge at (default: now)." };
        var timing = new Option<string?>("--timing") { Description = "elapsed, as do-snapshot.py measures (default), or anchored." };
        var timeOfDay = new Option<string?>("--at-time-of-day") { Description = "The time of day, UTC, of anchored timing." };
        var price = new Option<string>("--price") { Description = "Dollars for a gigabyte and month.", DefaultValueFactory = _ => "0.06" };
        var tag = new Option<string>("--tag", "-t") { Description = "Of the account: droplets with this tag.", DefaultValueFactory = _ => CommandOptions.DefaultTag };
        var prefix = new Option<string>("--prefix", "-p")
        {
            Description = "Of the account: the start of the snapshots' names.",
            DefaultValueFactory = _ => CommandOptions.DefaultPrefix,
        };
        var token = new Option<string?>("--token") { Description = "API token or path to file containing the token; also by DO_TOKEN." };
        var apiUrl = new Option<string?>("--api-url") { Description = "Where the API is; also by DIGITALOCEAN_API_URL." };
        var plainHttp = new Option<bool>("--allow-plain-http") { Description = "Allow an http:// address that is not on this machine." };
        var retention = new Command("retention", "Says what a policy would do to a list of snapshots, or to the account's, and why. Changes nothing.")
        {
            every, keep, snapshots, at, timing, timeOfDay, price, json, tag, prefix, token, apiUrl, plainHttp,
        };
        retention.SetAction((parsed, ct) => RunAsync(
            new RetentionOptions
            {
                Snapshots = parsed.GetValue(snapshots),
                Every = parsed.GetValue(every),
                Keep = parsed.GetValue(keep) ?? [],
                At = parsed.GetValue(at),
                Timing = parsed.GetValue(timing),
                AtTimeOfDay = parsed.GetValue(timeOfDay),
                Price = parsed.GetValue(price)!,
                Json = parsed.GetValue(json),
            },
            new AccountOptions(
                parsed.GetValue(tag)!, parsed.GetValue(prefix)!, parsed.GetValue(token), parsed.GetValue(apiUrl), parsed.GetValue(plainHttp)),
            ct));
        return retention;
    }

    private static async Task<int> RunAsync(RetentionOptions options, AccountOptions account, CancellationToken ct)
    {
        if (options.Snapshots is not null)
        {
            await using var input = Console.OpenStandardInput();
            return StandardOutput.Run(output => RetentionCommand.Run(options, input, output, Console.Error, TimeProvider.System));
        }

        try
        {
            var droplets = await AccountSnapshots.ReadAsync(account, Environment.GetEnvironmentVariable, ct);
            return StandardOutput.Run(output => RetentionCommand.Run(options, droplets, output, Console.Error, TimeProvider.System));
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, Console.Error);
        }
        catch (DigitalOceanException e)
        {
            await Console.Error.WriteLineAsync($"{Usage.Program}: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private static Option<string?> Every() => new("--snapshot", "-s") { Description = "The time between snapshots, such as 1d." };

    private static Option<string[]> Keep() => new("--keep", "-k") { Description = "A rule INTERVAL:AGE, such as 1w:1m; may be repeated." };

    private static Option<bool> Json() => new("--json") { Description = "For programs." };
}
