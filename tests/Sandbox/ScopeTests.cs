using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>What a token may do, and what it may see.</summary>
public sealed class ScopeTests : IDisposable
{
    private const string Forbidden = "You are not authorized to perform this operation";

    private readonly World _world = new();
    private readonly SandboxDroplet _droplet;
    private readonly SandboxImage _image;

    public ScopeTests()
    {
        _droplet = _world.AddDroplet("web-1", "nyc3", "web");
        _image = _world.Plant(_droplet.Id);
    }

    public static TheoryData<string, string> Endpoints
    {
        get
        {
            using var world = new World();
            return [.. new SandboxApi(world.Account).Endpoints.Select(endpoint => (endpoint.Method, endpoint.Template))];
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Each_call_needs_every_one_of_its_scopes(string method, string template)
    {
        var scopes = new SandboxApi(_world.Account).Endpoints.Single(endpoint => (endpoint.Method, endpoint.Template) == (method, template)).Scopes;
        var path = template.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

        var (status, _) = await SendAsync(method, path, null, [.. scopes]);
        Assert.False(status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed, $"{status}");

        foreach (var missing in scopes)
        {
            (status, var error) = await SendAsync(method, path, null, [.. scopes.Where(scope => scope != missing), "kubernetes:read"]);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Equal(("forbidden", Forbidden), (error.GetProperty("id").GetString(), error.GetProperty("message").GetString()));
        }
    }

    public static TheoryData<string, string, string, string, object?> MoreScopes => new()
    {
        { "GET", "/v2/droplets?tag_name=web", "droplet:read", "tag:read", null },
        { "GET", "/v2/images?tag_name=web", "image:read", "tag:read", null },
        { "DELETE", "/v2/droplets?tag_name=unheard-of", "droplet:delete", "tag:read", null },
        { "POST", "/v2/droplets/{id}/actions", "droplet:update", "image:create", new { type = "snapshot" } },
        { "POST", "/v2/droplets/{id}/actions", "droplet:update", "droplet:create", new { type = "resize", size = "s-1vcpu-2gb" } },
        { "POST", "/v2/droplets/{id}/actions", "droplet:update", "droplet:admin", new { type = "rebuild", image = "debian-12-x64" } },
        { "POST", "/v2/droplets/{id}/actions", "droplet:update", "droplet:admin", new { type = "restore", image = 1 } },
        { "POST", "/v2/droplets/{id}/actions", "droplet:update", "droplet:admin", new { type = "password_reset" } },
        { "POST", "/v2/droplets/actions?tag_name=web", "droplet:update tag:read", "image:create", new { type = "snapshot" } },
        { "POST", "/v2/droplets/actions?tag_name=web", "droplet:update", "tag:read", new { type = "reboot" } },
        { "POST", "/v2/droplets", "droplet:create", "image:read", new { name = "a", region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64" } },
        {
            "POST", "/v2/droplets", "droplet:create image:read", "tag:create",
            new { name = "a", region = "fra1", size = "s-1vcpu-1gb", image = "debian-12-x64", tags = new[] { "a" } }
        },
        { "POST", "/v2/images", "image:create", "tag:create", new { name = "a", region = "fra1", url = "https://example.com/", tags = new[] { "a" } } },
        { "POST", "/v2/volumes", "block_storage:create", "tag:create", new { name = "a", region = "fra1", size_gigabytes = 1, tags = new[] { "a" } } },
        { "POST", "/v2/volumes/none/snapshots", "block_storage_snapshot:create", "tag:create", new { name = "a", tags = new[] { "a" } } },
        { "POST", "/v2/tags/web/resources", "tag:create", "image:update", new { resources = new[] { new { resource_id = "1", resource_type = "image" } } } },
        { "DELETE", "/v2/tags/web/resources", "tag:delete", "droplet:update", new { resources = new[] { new { resource_id = "1", resource_type = "droplet" } } } },
        { "POST", "/v2/tags/web/resources", "tag:create", "block_storage:update", new { resources = new[] { new { resource_id = "1", resource_type = "volume" } } } },
    };

    [Theory]
    [MemberData(nameof(MoreScopes))]
    public async Task Some_bodies_and_queries_need_more(string method, string path, string enough, string more, object? body)
    {
        path = path.Replace("{id}", $"{_droplet.Id}", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(method, path, body, enough.Split(' '))).Status);
        Assert.Empty(_world.Account.State().Actions);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await SendAsync(method, path, body, [.. enough.Split(' '), more])).Status);
    }

    public static TheoryData<string, string, string, string> Members => new()
    {
        { "/v2/account", "account", "account:read", "droplet_limit=droplet:read floating_ip_limit=reserved_ip:read" },
        { "/v2/regions", "regions", "regions:read", "sizes=sizes:read" },
        {
            "/v2/droplets", "droplets", "droplet:read",
            "backup_ids=image:read snapshot_ids=image:read image=image:read volume_ids=block_storage:read tags=tag:read vpc_uuid=vpc:read"
        },
        { "/v2/snapshots", "snapshots", "snapshot:read", "tags=tag:read" },
        { "/v2/images?private=true", "images", "image:read", "tags=tag:read" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Some_members_are_only_there_for_who_may_see_them(string path, string key, string enough, string membersAndScopes)
    {
        foreach (var (member, scope) in membersAndScopes.Split(' ').Select(pair => (pair.Split('=')[0], pair.Split('=')[1])))
        {
            Assert.False(First(await SendAsync("GET", path, null, enough)).TryGetProperty(member, out _), member);
            Assert.True(First(await SendAsync("GET", path, null, enough, scope)).TryGetProperty(member, out _), member);
        }

        JsonElement First((HttpStatusCode Status, JsonElement Body) answer)
        {
            var value = answer.Body.GetProperty(key);
            return value.ValueKind == JsonValueKind.Array ? value[0] : value;
        }
    }

    [Fact]
    public async Task A_tag_counts_what_may_be_seen()
    {
        var resources = (await SendAsync("GET", "/v2/tags/web", null, "tag:read", "image:read")).Body.GetProperty("tag").GetProperty("resources");

        Assert.Equal(["count", "last_tagged_uri", "images"], resources.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Read_reads_all_and_changes_nothing()
    {
        foreach (var endpoint in new SandboxApi(_world.Account).Endpoints.Where(endpoint => !endpoint.Template.Contains('{', StringComparison.Ordinal)))
        {
            var (status, _) = await SendAsync(endpoint.Method, endpoint.Template, null, "read");
            Assert.Equal(endpoint.Method == "GET" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, status);
        }
    }

    [Fact]
    public async Task Without_scopes_a_token_may_do_everything()
    {
        _world.Account.SetToken(new NewToken { Name = "full", Token = "a-token" }).OrThrow();

        Assert.Equal(HttpStatusCode.NoContent, (await _world.DeleteAsync($"/v2/snapshots/{_image.Id}")).Status);
    }

    public void Dispose() => _world.Dispose();

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string method, string path, object? body, params string[] scopes)
    {
        _world.Account.SetToken(new NewToken { Name = "limited", Token = "limited", Scopes = scopes }).OrThrow();
        using var client = SandboxHandler.CreateClient(_world.Account, "limited");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, World.Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(World.Cancel);
        return (response.StatusCode, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement);
    }
}
