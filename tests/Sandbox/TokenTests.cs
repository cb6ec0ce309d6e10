using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>Tokens that were given out: which are accepted, and as whose.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task Any_is_accepted_until_one_is_given_out_and_then_only_those()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("whatever"));
        await PutAsync("ci", new { token = "ci-token" });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("ci-token"));
        await RefusedAsync("whatever");
    }

    [Fact]
    public async Task The_one_of_the_settings_goes_on_beside_them()
    {
        using var world = new World(World.Plain with { Token = "set" });
        world.Account.SetToken(new NewToken { Name = "given", Token = "given" }).OrThrow();

        foreach (var (token, status) in new[] { ("set", HttpStatusCode.OK), ("given", HttpStatusCode.OK), ("other", HttpStatusCode.Unauthorized) })
            Assert.Equal(status, await StatusAsync(token, world));
    }

    [Fact]
    public async Task A_revoked_one_is_refused_at_once_even_if_it_was_the_only_one()
    {
        await PutAsync("ci", new { token = "ci-token" });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("ci-token"));

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync("/sandbox/tokens/ci")).Status);
        await RefusedAsync("ci-token");
        await RefusedAsync("whatever");

        await PutAsync("ci", new { token = "ci-token-2" });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("ci-token-2"));
        await RefusedAsync("ci-token");
    }

    [Fact]
    public async Task They_are_listed_without_the_token_and_found_nowhere_else()
    {
        await PutAsync("ci", new { token = "not-to-be-seen", scopes = new[] { "droplet:read" }, team = "t" });
        await StatusAsync("not-to-be-seen");

        var told = Assert.Single((await _world.GetAsync("/sandbox/tokens")).GetProperty("tokens").EnumerateArray());
        Assert.Equal("""{"name":"ci","scopes":["droplet:read"],"team":"t","is_revoked":false}""", told.GetRawText());
        foreach (var path in new[] { "/sandbox/tokens", "/sandbox/state", "/sandbox/requests" })
            Assert.DoesNotContain("not-to-be-seen", (await _world.GetAsync(path)).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-seen", JsonSerializer.Serialize(_world.Account.WriteDown().Record, SandboxJson.File), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, object, HttpStatusCode> Mistakes => new()
    {
        { "no token", "a", new { scopes = new[] { "droplet:read" } }, HttpStatusCode.BadRequest },
        { "an empty token", "a", new { token = "" }, HttpStatusCode.UnprocessableEntity },
        { "a token with a blank", "a", new { token = "a b" }, HttpStatusCode.UnprocessableEntity },
        { "no scope", "a", new { token = "a", scopes = new[] { "droplets" } }, HttpStatusCode.UnprocessableEntity },
        { "nothing for a scope", "a", new { token = "a", scopes = new string?[] { null } }, HttpStatusCode.UnprocessableEntity },
        { "an empty team", "a", new { token = "a", team = "" }, HttpStatusCode.UnprocessableEntity },
        { "another name for a token", "b", new { token = "taken" }, HttpStatusCode.UnprocessableEntity },
        { "an unknown member", "a", new { token = "a", scope = "droplet:read" }, HttpStatusCode.BadRequest },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Mistakes_are_told_and_change_nothing(string mistake, string name, object body, HttpStatusCode status)
    {
        _world.Account.SetToken(new NewToken { Name = "first", Token = "taken" }).OrThrow();

        Assert.True((await _world.SendAsync(HttpMethod.Put, $"/sandbox/tokens/{name}", body)).Status == status, mistake);
        Assert.Single(_world.Account.Tokens());
        Assert.Equal(HttpStatusCode.NotFound, (await _world.DeleteAsync("/sandbox/tokens/nobody")).Status);
    }

    [Fact]
    public async Task A_token_of_another_team_sees_that_teams_account_which_is_empty()
    {
        var droplet = _world.AddDroplet("web-1", "nyc3", "web");
        var snapshot = _world.Plant(droplet.Id);
        await PutAsync("ours", new { token = "ours" });
        await PutAsync("theirs", new { token = "theirs", team = "5a4db0c5a4db0c5a4db0c5a4db0c0002" });
        using var ours = SandboxHandler.CreateClient(_world.Account, "ours");
        using var theirs = new HttpClient(new SandboxHandler(_world.Account)) { BaseAddress = ours.BaseAddress };
        theirs.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "theirs");

        Assert.Contains("5a4db0c5a4db0c5a4db0c5a4db0c0002", await theirs.GetStringAsync("/v2/account", World.Cancel), StringComparison.Ordinal);
        Assert.Contains("\"total\":0", await theirs.GetStringAsync("/v2/droplets", World.Cancel), StringComparison.Ordinal);
        using var gone = await theirs.DeleteAsync($"/v2/snapshots/{snapshot.Id}", World.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        using var made = await theirs.PostAsync(
            "/v2/droplets", new StringContent("""{"name":"web-1","region":"fra1","size":"s-1vcpu-1gb","image":"debian-12-x64"}"""), World.Cancel);
        Assert.Equal(HttpStatusCode.Accepted, made.StatusCode);
        Assert.Contains("\"total\":1", await theirs.GetStringAsync("/v2/droplets", World.Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain($"\"id\":{droplet.Id},", await theirs.GetStringAsync("/v2/droplets", World.Cancel), StringComparison.Ordinal);
        Assert.Equal(droplet.Id, Assert.Single(_world.Account.Droplets()).Id);
        Assert.Contains($"\"id\":{droplet.Id},", await ours.GetStringAsync("/v2/droplets", World.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_and_what_was_revoked_outlive_a_restart()
    {
        _world.Account.SetToken(new NewToken { Name = "kept", Token = "kept", Scopes = ["droplet:read"], Team = "t" }).OrThrow();
        _world.Account.SetToken(new NewToken { Name = "revoked", Token = "revoked" }).OrThrow();
        _world.Account.RevokeToken("revoked");

        var again = new SandboxAccount(_world.Clock, World.Plain, _world.Account.WriteDown().Record);

        Assert.Null(again.GrantOf("revoked"));
        Assert.Null(again.GrantOf("whatever"));
        Assert.Equal("t", again.GrantOf("kept")!.Team);
        Assert.True(again.GrantOf("kept")!.Allows("droplet:read"));
        Assert.False(again.GrantOf("kept")!.Allows("droplet:update"));
    }

    public void Dispose() => _world.Dispose();

    private async Task PutAsync(string name, object body) =>
        Assert.Equal(HttpStatusCode.OK, (await _world.SendAsync(HttpMethod.Put, $"/sandbox/tokens/{name}", body)).Status);

    private async Task<HttpStatusCode> StatusAsync(string token, World? world = null)
    {
        using var client = SandboxHandler.CreateClient((world ?? _world).Account, token);
        using var response = await client.GetAsync("/v2/account", World.Cancel);
        return response.StatusCode;
    }

    private async Task RefusedAsync(string token)
    {
        using var world = SandboxHandler.CreateClient(_world.Account, token);
        using var response = await world.GetAsync("/v2/account", World.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(World.Cancel);
        Assert.StartsWith("{\"id\":\"unauthorized\",\"message\":\"Unable to authenticate you.\"", body, StringComparison.Ordinal);
    }
}
