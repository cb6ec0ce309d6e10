using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DoSnapshot.Simulation.Tests.Checking;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests;

/// <summary>What came of one seed.</summary>
/// <param name="Violations">What must not happen and did; none, if all is well.</param>
/// <param name="Tally">What was counted.</param>
/// <param name="Digest">SHA-256 of the log, byte for byte, the events' ids included.</param>
internal sealed record Outcome(IReadOnlyList<Violation> Violations, Tally Tally, string Digest);

/// <summary>One world from its beginning to its checks.</summary>
internal static class Simulation
{
    public static Outcome Run(ulong seed, WorldOptions options) => Sim.OnOwnThread(() =>
    {
        using var world = new World(seed, options);
        world.Run();
        return new Outcome(Checks.Run(world), world.Tally, options.Digests ? Digest(world) : "");
    });

    private static string Digest(World world)
    {
        var text = new StringBuilder();
        foreach (var e in world.Log.ReadAsync(0, int.MaxValue, CancellationToken.None).Result)
        {
            text.AppendLine($"{e.Sequence} {e.Id} {e.Stream} {e.StreamVersion} {e.Data.GetType().Name} {JsonSerializer.Serialize(e.Data, e.Data.GetType())}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
