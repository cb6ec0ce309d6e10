using System.Globalization;

namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>What a process of the load bench is told in its environment.</summary>
/// <param name="Service">Which service it is: <c>Planner</c>, <c>SnapshotWorker</c>, <c>TransferWorker</c>, <c>PrunerWorker</c> or <c>Sandbox</c>.</param>
/// <param name="Clock">Its clock, which follows that of all processes.</param>
/// <param name="Droplets">The droplets in the sandbox's account.</param>
/// <param name="HourlyLimit">Requests in an hour that the sandbox lets the token make; of these a twentieth in a minute.</param>
internal sealed record HostSettings(string Service, TimeProvider Clock, int Droplets, int HourlyLimit)
{
    public const string Sandbox = "Sandbox";

    /// <summary>Reads <c>LOAD_SERVICE</c>, <c>LOAD_TIME</c>, <c>LOAD_PROCESS</c>, <c>LOAD_DROPLETS</c> and <c>LOAD_HOURLY_LIMIT</c>, and starts the clock.</summary>
    public static HostSettings FromEnvironment() => new(
        Read("LOAD_SERVICE"),
        FollowingClock.Start(SharedTime.Open(Read("LOAD_TIME")), Number("LOAD_PROCESS")),
        Number("LOAD_DROPLETS"),
        Number("LOAD_HOURLY_LIMIT"));

    private static int Number(string name) => int.Parse(Read(name), CultureInfo.InvariantCulture);

    private static string Read(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is missing: this program is started by the load bench.");
}
