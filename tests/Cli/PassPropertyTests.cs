using CsCheck;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests;

/// <summary>
/// On accounts of any content, a pass asks for exactly what a naive reading of rules and guards gives, and a second one for nothing more.
/// </summary>
public sealed class PassPropertyTests
{
    private static readonly string[] Elsewhere = ["lon1", "fra1"];

    private static readonly Gen<Planted> AnySnapshot = Gen.Select(
        Gen.Frequency((4, Gen.Int[0, 24 * 40]), (1, Gen.Int[0, 24 * 400])),
        Gen.Frequency((6, Gen.Const(Kind.Own)), (1, Gen.Const(Kind.Foreign)), (1, Gen.Const(Kind.Almost))),
        Gen.Bool,
        Gen.Bool,
        (age, kind, lon1, fra1) => new Planted(age, kind, [World.Home, .. Elsewhere.Where(region => region == "lon1" ? lon1 : fra1)]));

    private static readonly Gen<NaiveRule> AnyRule = Gen.Select(
        Gen.Frequency((4, Gen.Int[1, 24 * 10]), (1, Gen.Const(0))), Gen.Int[0, 24 * 60], (interval, age) => new NaiveRule(interval, age));

    private static readonly Gen<Account> AnyAccount = Gen.Select(
        AnySnapshot.Array[0, 25].Array[1, 5],
        AnyRule.Array[0, 4],
        Gen.Int[0, 2],
        Gen.Int[1, 48],
        (droplets, rules, wanted, every) => new Account(droplets, rules, Elsewhere[..wanted], every));

    private enum Kind
    {
        Own,
        Foreign,
        Almost,
    }

    /// <summary>Every account is of another seed, which a failure names.</summary>
    [Fact]
    public Task A_pass_does_what_rules_and_guards_say() =>
        AnyAccount.SampleAsync(HoldsAsync, iter: 200, threads: 1, print: a => a.ToString());

    private static async Task HoldsAsync(Account account)
    {
        using var world = new World();
        var own = account.Droplets
            .Select((planted, i) => Plant(world, world.AddDroplet($"web-{i}"), planted))
            .ToDictionary(d => d.Droplet, d => d.Own);
        var before = world.Account.State().Snapshots.Select(s => s.Id).ToHashSet();
        string[] arguments =
        [
            $"-s{account.Every}h", .. account.Rules.Select(r => $"-k{r.Text}"), .. account.Wanted.Select(region => $"-r{region}"),
        ];

        var dry = await world.PassAsync([.. arguments, "--dryrun"]);
        var outcome = await world.PassAsync(arguments);
        var again = await world.PassAsync(arguments);

        var deleted = own.Values.SelectMany(s => NaivePass.Deleted(s, account.Rules, account.Wanted)).Order().ToList();
        var transferred = own.Values.SelectMany(s => s).Where(s => !deleted.Contains(s.Id))
            .SelectMany(s => account.Wanted.Except(s.Regions).Select(_ => s.Id)).Order();
        Assert.All(new[] { dry, outcome, again }, o => Assert.True(o.Code == 0, o.Text));
        Assert.Equal(own.Where(d => NaivePass.IsDue(d.Value, account.Every)).Select(d => d.Key).Order(), outcome.Snapshotted);
        Assert.Equal(deleted, outcome.Deleted);
        Assert.Equal(transferred, outcome.Transferred);
        Assert.Equal(before.Except(deleted).Order(), world.Account.Images().Select(i => i.Id).Order());
        Assert.All(dry.Calls, c => Assert.Equal("GET", c.Method));
        Assert.Equal(
            (outcome.Snapshotted.Count, outcome.Deleted.Count, outcome.Transferred.Count),
            (Would(dry, "snapshot droplet"), Would(dry, "delete"), Would(dry, "transfer")));
        Assert.DoesNotContain(again.Calls, c => c.Method != "GET");
    }

    private static int Would(Outcome dry, string what) =>
        dry.Lines.Count(l => l.StartsWith($"Information: would {what} ", StringComparison.Ordinal));

    private static (long Droplet, List<NaiveSnapshot> Own) Plant(World world, long droplet, Planted[] planted)
    {
        var own = new List<NaiveSnapshot>();
        foreach (var p in planted)
        {
            var age = TimeSpan.FromHours(p.Age);
            var name = SandboxSeeds.AutosnapshotName(world.Account.Droplet(droplet)!.Name, World.Start - age);
            var id = p.Kind switch
            {
                Kind.Own => world.Plant(droplet, name, age, p.Regions),
                Kind.Almost => world.Plant(droplet, $"{name}-x", age, p.Regions),
                _ => world.Plant(droplet, $"by hand {p.Age}", age, p.Regions),
            };
            if (p.Kind is Kind.Own)
            {
                own.Add(new NaiveSnapshot(id, p.Age, p.Regions));
            }
        }

        return (droplet, own);
    }

    private sealed record Planted(int Age, Kind Kind, string[] Regions)
    {
        public override string ToString() => $"{Kind}/{Age}h/{string.Join('+', Regions)}";
    }

    private sealed record Account(Planted[][] Droplets, NaiveRule[] Rules, string[] Wanted, int Every)
    {
        public override string ToString() =>
            $"-s{Every}h {string.Join(' ', Rules.Select(r => $"-k{r.Text}"))} {string.Join(' ', Wanted.Select(r => $"-r{r}"))}\n"
            + string.Join('\n', Droplets.Select(d => string.Join(' ', d.Select(p => p.ToString()))));
    }
}
