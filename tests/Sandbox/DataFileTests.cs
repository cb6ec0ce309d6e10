using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Sandbox.Tests;

public sealed class DataFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandbox-");

    private string DataFile => Path.Combine(_directory.FullName, "account.json");

    [Fact]
    public async Task A_snapshot_and_a_transfer_in_progress_go_on_after_a_restart()
    {
        long droplet, image;
        using (var before = Host())
        {
            droplet = before.Account.AddDroplet(new NewDroplet { Name = "web-1", Tags = ["web"] }).OrThrow().Id;
            image = before.Account.PlantSnapshot(new NewSnapshot { Name = "old", DropletId = droplet }).OrThrow().Id;
            await before.SendAsync(HttpMethod.Post, $"/v2/droplets/{droplet}/actions", new { type = "snapshot", name = "new" }, HttpStatusCode.Created);
            await before.SendAsync(HttpMethod.Post, $"/v2/images/{image}/actions", new { type = "transfer", region = "lon1" }, HttpStatusCode.Created);
        }

        using var after = Host(World.Start.AddSeconds(30));
        Assert.Equal(["in-progress", "in-progress"], await StatusesAsync(after));
        await after.SendAsync(HttpMethod.Post, $"/v2/droplets/{droplet}/actions", new { type = "reboot" }, HttpStatusCode.UnprocessableEntity);

        after.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["completed", "completed"], await StatusesAsync(after));
        Assert.Equal(2, after.Account.SnapshotsOf(droplet).Count);
        Assert.Equal(["nyc3", "lon1"], after.Account.Image(image)!.Regions);
    }

    [Fact]
    public async Task What_was_answered_is_in_the_file_before_the_answer()
    {
        using var host = Host();
        await host.SendAsync(HttpMethod.Post, "/v2/tags", new { name = "kept" }, HttpStatusCode.Created);

        var kept = JsonDocument.Parse(await File.ReadAllBytesAsync(DataFile, World.Cancel)).RootElement;
        Assert.Equal("kept", Assert.Single(kept.GetProperty("tags").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Many_changes_at_once_are_all_kept()
    {
        using (var host = Host())
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
                host.SendAsync(HttpMethod.Post, "/sandbox/droplets", new { name = $"node-{i}" }, HttpStatusCode.Created)));
            Assert.Equal(60, JsonDocument.Parse(await File.ReadAllBytesAsync(DataFile, World.Cancel)).RootElement.GetProperty("droplets").GetArrayLength());
        }

        using var after = Host();
        Assert.Equal(60, after.Account.Droplets().Count);
    }

    [Fact]
    public void The_seed_is_for_a_file_that_does_not_exist_yet()
    {
        using (var first = Host(World.Start, ("Seed", "demo")))
            first.Account.DestroyDroplet(first.Account.Droplets()[0].Id);

        using var second = Host(World.Start, ("Seed", "demo"));
        Assert.Equal(6, second.Account.Droplets().Count);
    }

    [Fact]
    public async Task Limits_and_journal_begin_anew()
    {
        using (var before = Host())
            await before.GetAsync("/v2/account");

        using var after = Host();
        Assert.Equal(0, after.Account.Journal.Total);
        using var response = await after.Client.GetAsync("/v2/account", World.Cancel);
        Assert.Equal(["4999"], response.Headers.GetValues("ratelimit-remaining"));
    }

    [Fact]
    public async Task What_cannot_be_written_is_no_success_and_is_written_with_the_next_one_that_can()
    {
        using var host = Host();
        // A directory in the way of the file that replaces the old one.
        var obstacle = Directory.CreateDirectory($"{DataFile}.new");
        await host.SendAsync(HttpMethod.Post, "/v2/tags", new { name = "first" }, HttpStatusCode.InternalServerError);
        obstacle.Delete();
        await host.GetAsync("/v2/account");

        Assert.Equal(1, JsonDocument.Parse(await File.ReadAllBytesAsync(DataFile, World.Cancel)).RootElement.GetProperty("tags").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_file_nothing_is_kept()
    {
        using (var before = new Host(("Seed", "empty")))
            await before.SendAsync(HttpMethod.Post, "/v2/tags", new { name = "gone" }, HttpStatusCode.Created);

        using var after = new Host(("Seed", "empty"));
        Assert.Empty(after.Account.Tags());
        Assert.Empty(_directory.GetFiles());
    }

    [Theory]
    [InlineData("""{"format": 1""", "line 1, $.format: ")]
    [InlineData("""{"format":1,"nonsense":1}""", "line 1, $.nonsense: there is no such member.")]
    [InlineData("""{"format":1,"last":{"droplet":1,"image":2,"action":3,"volume":"x"}}""", "line 1, $.last.volume: the value is not of the right kind.")]
    [InlineData("{\n}", "line 2, $: it lacks 'last', ")]
    [InlineData("null", "line 1: there is nothing in it.")]
    public void A_file_that_is_none_of_ours_is_told_in_a_line_with_the_place(string content, string place)
    {
        File.WriteAllText(DataFile, content);

        var problem = Problem();
        Assert.StartsWith($"{DataFile}: {place}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.Equal(content, File.ReadAllText(DataFile));
    }

    [Fact]
    public void A_file_of_another_form_is_left_alone()
    {
        using (Host())
        {
        }

        File.WriteAllText(DataFile, File.ReadAllText(DataFile).Replace("\"format\":1", "\"format\":7", StringComparison.Ordinal));
        Assert.Equal($"{DataFile}: $.format: it is 7, and only 1 is known here.", Problem());
    }

    [Fact]
    public void A_file_in_use_is_not_shared()
    {
        using var host = Host();

        Assert.StartsWith($"{DataFile}: it cannot be used, or is in use", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_found_out_at_the_start()
    {
        Directory.CreateDirectory(DataFile);

        Assert.StartsWith($"{DataFile}: it cannot be written", Problem(), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task<IEnumerable<string?>> StatusesAsync(Host host) =>
        [.. (await host.GetAsync("/v2/actions")).GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("status").GetString())];

    private Host Host(DateTimeOffset? now = null, params (string Key, string Value)[] settings) => new(
        now ?? World.Start,
        [("DataFile", DataFile), ("Seed", "empty"), ("SnapshotSeconds", "60"), ("TransferSeconds", "60"), .. settings]);

    private string Problem()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([new($"{SandboxOptions.Section}:DataFile", DataFile)]).Build())
            .AddSandbox()
            .BuildServiceProvider();
        return Assert.Single(SandboxHosting.ProblemsOf(services));
    }
}
