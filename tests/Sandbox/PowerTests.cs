using System.Net;

namespace DoSnapshot.Sandbox.Tests;

public sealed class PowerTests : IDisposable
{
    private readonly World _world = new();
    private readonly SandboxDroplet _droplet;

    public PowerTests() => _droplet = _world.AddDroplet();

    [Theory]
    [InlineData("shutdown", SandboxPower.Active, "active", "off")]
    [InlineData("power_off", SandboxPower.Active, "active", "off")]
    [InlineData("power_on", SandboxPower.Off, "off", "active")]
    public async Task The_droplet_shows_it_only_a_while_after_the_action_is_completed(string type, SandboxPower from, string before, string after)
    {
        _world.Account.SetPower(_droplet.Id, from);
        var action = await _world.StartAsync($"/v2/droplets/{_droplet.Id}/actions", new { type });

        _world.Clock.Advance(World.PowerTime);
        var seen = (await _world.GetAsync($"/v2/actions/{action.GetProperty("id").GetInt64()}")).GetProperty("action");
        Assert.Equal("completed", seen.GetProperty("status").GetString());
        Assert.Equal(before, await StatusAsync());

        _world.Clock.Advance(World.PowerLag);
        Assert.Equal(after, await StatusAsync());
    }

    [Fact]
    public async Task Shutting_down_what_is_off_is_no_mistake()
    {
        _world.Account.SetPower(_droplet.Id, SandboxPower.Off);
        await _world.StartAsync($"/v2/droplets/{_droplet.Id}/actions", new { type = "shutdown" });
        _world.Clock.Advance(World.PowerTime + World.PowerLag);

        Assert.Equal("off", await StatusAsync());
    }

    [Fact]
    public async Task A_droplet_that_is_off_stays_off_after_its_snapshot()
    {
        _world.Account.SetPower(_droplet.Id, SandboxPower.Off);
        await _world.StartAsync($"/v2/droplets/{_droplet.Id}/actions", new { type = "snapshot", name = "cold" });
        _world.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("off", await StatusAsync());
    }

    [Fact]
    public async Task A_droplet_is_never_locked_not_even_during_an_event()
    {
        await _world.StartAsync($"/v2/droplets/{_droplet.Id}/actions", new { type = "snapshot", name = "n" });

        Assert.False((await _world.GetAsync($"/v2/droplets/{_droplet.Id}")).GetProperty("droplet").GetProperty("locked").GetBoolean());
    }

    [Fact]
    public Task A_droplet_that_is_not_there_cannot_be_switched() => _world.RefusedAsync(
        HttpMethod.Post, "/v2/droplets/1/actions", HttpStatusCode.NotFound, "not_found", body: new { type = "power_on" });

    public void Dispose() => _world.Dispose();

    private async Task<string?> StatusAsync() =>
        (await _world.GetAsync($"/v2/droplets/{_droplet.Id}")).GetProperty("droplet").GetProperty("status").GetString();
}
