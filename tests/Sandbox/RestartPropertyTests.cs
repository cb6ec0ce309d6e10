using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>An account that is written down and read again at any moment lives on as one that was not.</summary>
public sealed class RestartPropertyTests
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Regions = ["nyc3", "fra1", "lon1"];
    private static readonly string[] Types =
        ["snapshot", "snapshot", "snapshot", "shutdown", "power_on", "rename", "enable_backups", "resize", "rebuild", "enable_ipv6"];

    private static readonly Gen<(int Kind, int Which, int Other)[]> Lives =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 99], Gen.Int[0, 99]).Array[1, 60];

    [Fact]
    public void A_restart_at_any_moment_changes_nothing() => Lives.Sample(
        life =>
        {
            var clock = new FakeTimeProvider(World.Start);
            var (steady, restarted) = (New(clock), New(clock));
            foreach (var step in life)
            {
                clock.Advance(TimeSpan.FromSeconds(step.Other * step.Other));
                Do(steady, step);
                Do(restarted, step);
                restarted = Restart(restarted, clock);
            }

            clock.Advance(TimeSpan.FromDays(1));
            Assert.Equal(Told(steady), Told(restarted));
        },
        iter: 100);

    [Fact]
    public void The_walk_comes_to_every_kind_of_thing()
    {
        var clock = new FakeTimeProvider(World.Start);
        var account = New(clock);
        for (var i = 0; i < 2_000; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(i % 400));
            Do(account, (Number(3 * i, 12), Number((3 * i) + 1, 100), Number((3 * i) + 2, 100)));
        }

        var state = account.State();
        Assert.All(
            [state.Droplets.Count, state.Destroyed.Count, state.Snapshots.Count, state.Deleted.Count, state.Tags.Count, state.Volumes.Count, state.VolumeSnapshots.Count],
            count => Assert.NotEqual(0, count));
        Assert.Superset(
            new HashSet<string>(["snapshot", "transfer", "shutdown", "rename", "create"], StringComparer.Ordinal),
            state.Actions.Select(action => action.Type).ToHashSet(StringComparer.Ordinal));
    }

    private static SandboxAccount New(FakeTimeProvider clock) => new(
        clock, new SandboxSettings(), new SandboxSeedBuilder().Fleet(3, "web").Build());

    private static SandboxAccount Restart(SandboxAccount account, FakeTimeProvider clock)
    {
        var text = JsonSerializer.Serialize(account.WriteDown().Record, SandboxJson.File);
        return new SandboxAccount(clock, account.Settings, JsonSerializer.Deserialize<SandboxRecord>(text, SandboxJson.File)!);
    }

    private static void Do(SandboxAccount account, (int Kind, int Which, int Other) step)
    {
        var (kind, which, other) = step;
        var droplet = Pick(account.Droplets(), which)?.Id ?? 0;
        var image = Pick(account.Images(), which)?.Id ?? 0;
        var volume = Pick(account.Volumes(), which)?.Id ?? "";
        _ = kind switch
        {
            0 or 1 or 2 => account.StartDropletAction(droplet, new SandboxDropletCommand
            {
                Type = Pick(Types, other),
                Name = $"n{other}",
                Size = "s-1vcpu-2gb",
                Image = "debian-12-x64",
            }),
            3 => account.StartTransfer(image, Pick(Regions, other)),
            4 => account.DeleteSnapshot(image, "the walk"),
            5 => account.CreateDroplets(new DropletOrder
            {
                Names = Names[..(1 + (other % 3))],
                Region = "fra1",
                Size = "s-1vcpu-1gb",
                Image = "debian-12-x64",
                Tags = [$"t{other % 4}"],
            }),
            6 => other % 4 == 0 ? account.DestroyDroplet(droplet) : account.DeleteTag($"t{other % 4}"),
            7 => account.ImportImage(new NewCustomImage { Name = "i", Url = "https://example.com/i", Region = "fra1", Tags = ["x"] }),
            8 => account.SetTag("web", [new SandboxTagged("image", $"{image}"), new SandboxTagged("droplet", $"{droplet}")], other % 2 == 0),
            9 => account.AddVolume(new NewVolume { Name = $"v{which % 5}", Region = "nyc3", SizeGigabytes = 1 + other }),
            10 => account.SnapshotVolume(volume, $"s{other}", ["x"]),
            _ => account.PlantSnapshot(new NewSnapshot { Name = "p", DropletId = 1 + which, Regions = ["nyc3"], AgeHours = other }) as object,
        };
    }

    private static int Number(int i, ulong below) => (int)(SandboxNumbers.Mix(i) % below);

    private static T? Pick<T>(IReadOnlyList<T> all, int which) => all.Count == 0 ? default : all[which % all.Count];

    private static string Told(SandboxAccount account) => JsonSerializer.Serialize(account.State(), SandboxJson.Control);
}
