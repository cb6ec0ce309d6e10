using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What happens to the account without the platform.</summary>
internal sealed class OwnerActs
{
    private readonly World _world;
    private readonly Dice _dice;
    private readonly HashSet<long> _foreign = [];
    private readonly Dictionary<long, string> _tagOf = [];
    private SandboxSettings? _ordinary;
    private int _named;

    public OwnerActs(World world, Dice dice)
    {
        _world = world;
        _dice = dice;
        All =
        [
            ("droplet created", () => Create(_dice.Pick(PlanBook.Tags))),
            ("droplet destroyed", Destroy),
            ("droplet renamed", Rename),
            ("droplet untagged", Untag),
            ("droplet untagged", Untag),
            ("droplet in two plans", Overlap),
            ("droplet to another plan", Move),
            ("snapshot deleted behind our back", DeleteBehind),
            ("snapshot deleted behind our back", DeleteBehind),
            ("newest snapshots deleted behind our back", DeleteNewest),
            ("foreign snapshot", PlantForeign),
            ("foreign snapshot", PlantForeign),
            ("old snapshot found", PlantOld),
            ("action fails", FailAction),
            ("action fails", FailAction),
            ("action vanishes", HideAction),
            ("slow cloud", SlowDown),
            ("owner's own snapshot", OwnSnapshot),
        ];
    }

    public IReadOnlyList<(string Name, Action Do)> All { get; }

    /// <summary>Images that nobody may touch.</summary>
    public IReadOnlySet<long> Foreign => _foreign;

    private SandboxAccount Account => _world.Cloud.Account;

    public void Populate()
    {
        _ordinary = Account.Settings;
        for (var i = 0; i < _world.Profile.Droplets; i++)
        {
            var droplet = Create(_dice.Chance(0.65) ? "web" : "db");
            for (var n = _dice.Chance(0.5) ? _dice.Below(6) : 0; n > 0; n--)
            {
                PlantOld(droplet);
            }
        }

        var other = Account.AddDroplet(new NewDroplet { Name = "unrelated", Tags = ["other"], AgeHours = 9_000 }).OrThrow();
        for (var i = 0; i < 4; i++)
        {
            PlantForeign();
            _foreign.Add(Plant(other.Id, $"unrelated-web-{Stamp(World.Start.AddDays(-30 - i))}", World.Start.AddDays(-30 - i)));
        }
    }

    public void Heal()
    {
        Account.Settings = _ordinary!;
        foreach (var droplet in Account.Droplets().Where(d => _tagOf.ContainsKey(d.Id)))
        {
            Account.RetagDroplet(droplet.Id, [_tagOf[droplet.Id]]);
        }
    }

    private void Say(string what) => _world.Happened(new Happening.Act(_world.Sim.Now, what));

    private SandboxDroplet Create(string tag)
    {
        var used = _dice.Chance(0.1) ? _dice.Between(20.0, 100.0) : _dice.Between(1.0, 12.0);
        var droplet = Account.AddDroplet(new NewDroplet { Name = $"{tag}-{++_named}", Tags = [tag], Disk = 160, UsedGigabytes = Math.Round(used, 1) }).OrThrow();
        _tagOf[droplet.Id] = tag;
        Say($"droplet {droplet.Id} '{droplet.Name}' is created");
        return droplet;
    }

    private SandboxDroplet? Any() => Account.Droplets().Where(d => _tagOf.ContainsKey(d.Id)).ToList() is { Count: > 0 } all ? _dice.Pick(all) : null;

    private void Destroy()
    {
        if (Any() is { } droplet && Account.Droplets().Count > 4)
        {
            Say($"droplet {droplet.Id} is destroyed");
            Account.DestroyDroplet(droplet.Id);
        }
    }

    private void Rename()
    {
        if (Any() is { } droplet)
        {
            var name = $"{_tagOf[droplet.Id]}-{++_named}";
            Say($"droplet {droplet.Id} is renamed to '{name}'");
            Account.RenameDroplet(droplet.Id, name).OrThrow();
        }
    }

    private void Untag() => Retag("is untagged", _ => []);

    private void Overlap() => Retag("has the tags of both plans", _ => [.. PlanBook.Tags]);

    private void Move()
    {
        if (Any() is { } droplet)
        {
            var tag = PlanBook.Tags.First(t => t != _tagOf[droplet.Id]);
            _tagOf[droplet.Id] = tag;
            Say($"droplet {droplet.Id} moves to '{tag}'");
            Account.RetagDroplet(droplet.Id, [tag]).OrThrow();
        }
    }

    private void Retag(string what, Func<SandboxDroplet, string[]> tags)
    {
        if (Any() is { } droplet)
        {
            Say($"droplet {droplet.Id} {what}");
            Account.RetagDroplet(droplet.Id, tags(droplet)).OrThrow();
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(5), TimeSpan.FromDays(4)), () =>
            {
                Say($"droplet {droplet.Id} has its tag again");
                Account.RetagDroplet(droplet.Id, [_tagOf[droplet.Id]]);
            });
        }
    }

    private List<SandboxImage> Listed() => [.. Account.Images().Where(i => !_foreign.Contains(i.Id)).OrderBy(i => i.Id)];

    private void DeleteBehind()
    {
        if (Listed() is { Count: > 0 } images)
        {
            Delete(_dice.Pick(images));
        }
    }

    private void DeleteNewest()
    {
        if (Listed() is { Count: > 0 } images)
        {
            var droplet = _dice.Pick(images).DropletId;
            images.Where(i => i.DropletId == droplet).OrderByDescending(i => i.CreatedAt).Take(_dice.Between(1, 3)).ToList().ForEach(Delete);
        }
    }

    private void Delete(SandboxImage image)
    {
        Say($"image {image.Id} '{image.Name}' is deleted behind our back");
        Account.DeleteSnapshot(image.Id);
    }

    private void PlantForeign()
    {
        if (Any() is not { } droplet)
        {
            return;
        }

        var (tag, at) = (_tagOf[droplet.Id], _world.Sim.Now - _dice.Scale(TimeSpan.FromHours(1), TimeSpan.FromDays(90)));
        var stamp = Stamp(at);
        var name = _dice.Pick(
        [
            $"{droplet.Name}-golden", $"{droplet.Name}-{tag}-before-upgrade", $"nightly-{droplet.Name}-{tag}-{stamp}", $"{droplet.Name}0-{tag}-{stamp}",
            $"{droplet.Name}-{tag}-{stamp}-keep", $"{droplet.Name.ToUpperInvariant()}-{tag}-{stamp}", $"{droplet.Name}-{tag}{stamp}", $"{droplet.Name}-{tag}-{stamp[..8]}",
        ]);
        _foreign.Add(Plant(droplet.Id, name, at));
        Say($"somebody makes '{name}' of droplet {droplet.Id}");
    }

    private void PlantOld()
    {
        if (Any() is { } droplet)
        {
            PlantOld(droplet);
        }
    }

    /// <summary>One as do-snapshot.py would have made it, which the plan takes over.</summary>
    private void PlantOld(SandboxDroplet droplet)
    {
        var at = _world.Sim.Now - _dice.Scale(TimeSpan.FromHours(1), TimeSpan.FromDays(20));
        Plant(droplet.Id, $"{droplet.Name}-{_tagOf[droplet.Id]}-{Stamp(at)}", at);
        Say($"there is an old snapshot of droplet {droplet.Id} of {at:MM-dd HH:mm:ss}");
    }

    private long Plant(long droplet, string name, DateTimeOffset at) =>
        Account.PlantSnapshot(new NewSnapshot { Name = name, DropletId = droplet, CreatedAt = at, Regions = ["nyc3"] }).OrThrow().Id;

    private List<SandboxAction> Running() => [.. Account.State().Actions.Where(a => a.Status is SandboxActionStatus.InProgress)];

    private void FailAction()
    {
        if (Running() is { Count: > 0 } running)
        {
            var action = _dice.Pick(running);
            Say($"action {action.Id} ({action.Type}) fails");
            Account.FailAction(action.Id);
        }
    }

    private void HideAction()
    {
        if (Running() is { Count: > 0 } running)
        {
            var action = _dice.Pick(running);
            Say($"action {action.Id} ({action.Type}) is forgotten");
            _world.Cloud.Hide(action.Id);
        }
    }

    private void SlowDown()
    {
        Say("DigitalOcean is slow");
        Account.Settings = _ordinary! with
        {
            SnapshotDuration = new SandboxDuration(_dice.Scale(TimeSpan.FromMinutes(10), TimeSpan.FromHours(20))),
            TransferDuration = new SandboxDuration(_dice.Scale(TimeSpan.FromMinutes(10), TimeSpan.FromHours(15))),
            ListingLag = _dice.Scale(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(50)),
        };
        _world.Sim.After(_dice.Scale(TimeSpan.FromHours(1), TimeSpan.FromDays(2)), () => Account.Settings = _ordinary!);
    }

    /// <summary>Somebody makes a snapshot of the droplet at the same time, under a name of his own.</summary>
    private void OwnSnapshot()
    {
        if (Any() is { } droplet && Account.StartDropletAction(droplet.Id, "snapshot", $"{droplet.Name}-by-hand").Value is { } action)
        {
            _foreign.Add(action.ImageId!.Value);
            Say($"somebody makes a snapshot of droplet {droplet.Id} by hand");
        }
    }

    private static string Stamp(DateTimeOffset at) => $"{at:yyyyMMdd'T'HHmmss'Z'}";
}
