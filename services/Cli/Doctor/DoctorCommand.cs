using System.CommandLine;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Doctor;

/// <summary><c>doctor</c> as the command line has it.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Make()
    {
        var token = Text("--token", "API token or path to file containing the token; also by DO_TOKEN or DigitalOcean__TokenFile.");
        var apiUrl = Text("--api-url", "Where the API is; also by DigitalOcean__ApiUrl or DIGITALOCEAN_API_URL.");
        var plainHttp = new Option<bool>("--allow-plain-http") { Description = "Allow an http:// address that is not on this machine." };
        var store = Text("--store", "The log's PostgreSQL; also by Platform__LogConnectionString or DO_SNAPSHOT_STORE, which hide a password.");
        var data = Text("--data", "The log's directory, whose PostgreSQL is started for the look.");
        var bus = Text("--bus", "RabbitMQ, amqp://user:password@host:port/vhost; also by Platform__BusUri, which hides the password.");
        var plans = Text("--plans", "A file with plans; also by Plans__File, or Plan__… for one.");
        var tag = Text("--tag", "A pass's plan in place of a file: its droplets' tag.", "-t");
        var prefix = Text("--prefix", "The start of its snapshots' names.", "-p");
        var every = Text("--snapshot", "The time between its snapshots, such as 1d.", "-s");
        var regions = new Option<string[]>("--region", "-r") { Description = "A region that it wants a copy in; may be repeated." };
        var keep = new Option<string[]>("--keep", "-k") { Description = "One of its rules INTERVAL:AGE; may be repeated." };
        var probe = new Option<bool>("--probe-writes")
        {
            Description = "Learn whether the token may change things, by calls about a droplet, an image and a snapshot that there cannot be.",
        };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var doctor = new Command(
            "doctor",
            "Looks at everything that an installation needs, and says what is wrong with it and what to do. Changes nothing. "
            + "What no option says is read from the environment, as a service reads it. Exit code 1 if something is wrong.")
        {
            token, apiUrl, plainHttp, store, data, bus, plans, tag, prefix, every, regions, keep, probe, json,
        };
        doctor.SetAction((parsed, ct) => RunAsync(
            new DoctorOptions
            {
                Token = parsed.GetValue(token),
                ApiUrl = parsed.GetValue(apiUrl),
                AllowPlainHttp = parsed.GetValue(plainHttp),
                Store = parsed.GetValue(store),
                Data = parsed.GetValue(data),
                Bus = parsed.GetValue(bus),
                Plans = parsed.GetValue(plans),
                Tag = parsed.GetValue(tag),
                Prefix = parsed.GetValue(prefix),
                Every = parsed.GetValue(every),
                Regions = parsed.GetValue(regions) ?? [],
                Keep = parsed.GetValue(keep) ?? [],
                ProbeWrites = parsed.GetValue(probe),
                Json = parsed.GetValue(json),
            },
            ct));
        return doctor;
    }

    private static async Task<int> RunAsync(DoctorOptions options, CancellationToken ct)
    {
        try
        {
            return await DoctorRun.RunAsync(options, new ConfigurationBuilder().AddEnvironmentVariables().Build(), ct);
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, Console.Error);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static Option<string?> Text(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };
}
