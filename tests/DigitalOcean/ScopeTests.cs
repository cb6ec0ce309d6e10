using System.Text.RegularExpressions;
using DoSnapshot.DigitalOcean.Tests.Support;
using DoSnapshot.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.DigitalOcean.Tests;

/// <summary>The scopes that the README asks for are enough for every call that the platform makes.</summary>
public sealed partial class ScopeTests
{
    [Fact]
    public async Task A_token_with_the_scopes_of_the_readme_can_do_all_that_the_client_does()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var account = new SandboxAccount(clock);
        var droplet = account.AddDroplet(new NewDroplet { Name = "web-1", Tags = ["web"] }).OrThrow().Id;
        var image = account.PlantSnapshot(new NewSnapshot { Name = "old", DropletId = droplet }).OrThrow().Id;
        account.SetToken(new NewToken { Name = "platform", Token = Rig.Token, Scopes = Scopes() }).OrThrow();
        using var http = new HttpClient(new SandboxHandler(account));
        var client = new DigitalOceanClient(http, new DigitalOceanOptions { Token = Rig.Token }, clock);

        await client.GetAccountAsync(Rig.Ct);
        Assert.NotEmpty(await client.ListRegionsAsync(Rig.Ct));
        Assert.Single(await client.ListDropletsAsync("web", Rig.Ct));
        Assert.NotNull(await client.FindDropletAsync(droplet, Rig.Ct));
        Assert.Single(await client.ListSnapshotsAsync(Rig.Ct));
        Assert.NotNull(await client.FindSnapshotAsync(image, Rig.Ct));
        var taken = Assert.IsType<PostOutcome.Accepted>(await client.SnapshotDropletAsync(droplet, "new", Rig.Ct));
        Assert.IsType<PostOutcome.Accepted>(await client.TransferImageAsync(image, "lon1", Rig.Ct));
        Assert.NotNull(await client.FindActionAsync(taken.Action.Id, Rig.Ct));
        Assert.NotEmpty(await client.ListActionsAsync(clock.GetUtcNow(), Rig.Ct));
        Assert.NotEmpty(await client.ListDropletActionsAsync(droplet, clock.GetUtcNow(), Rig.Ct));
        Assert.NotEmpty(await client.ListImageActionsAsync(image, clock.GetUtcNow(), Rig.Ct));
        Assert.IsType<DeleteOutcome.Deleted>(await client.DeleteSnapshotAsync(image, Rig.Ct));
        Assert.DoesNotContain(account.Journal.Counts().ByStatus.Keys, status => status is 401 or 403);
    }

    private static string[] Scopes()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DoSnapshotPlatform.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("The repository was not found above the tests.");
        var readme = File.ReadAllText(Path.Combine(directory.FullName, "README.md"));
        var sentence = readme.Split("The token needs these scopes:")[1].Split(". Use")[0];
        return [.. Scope().Matches(sentence).Select(match => match.Groups["scope"].Value)];
    }

    [GeneratedRegex("`(?<scope>[a-z_]+:[a-z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}
