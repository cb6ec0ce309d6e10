using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Sandbox.Tests.Faults;

/// <summary>Faults of the real process over a real socket, and how it is told to have them.</summary>
public sealed class FaultHostTests
{
    private const string Snapshots = "POST /v2/droplets/{id}/actions";

    [Theory]
    [InlineData("cut-before", false)]
    [InlineData("cut-after", true)]
    public async Task The_connection_is_really_closed(string kind, bool isStarted)
    {
        using var host = new Host(("Seed", "empty"), ("Faults:Rules:0:Kind", kind), ("Faults:Rules:0:Calls", Snapshots));
        var (request, _) = Snapshot(host);

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.SendAsync(request, World.Cancel));
        Assert.Equal(isStarted, host.Account.State().Actions.Count == 1);
        // The next connection is a good one.
        Assert.Empty((await host.GetAsync("/v2/snapshots")).GetProperty("snapshots").EnumerateArray());
    }

    [Fact]
    public async Task A_body_really_breaks_off()
    {
        using var host = new Host(("Seed", "empty"), ("Faults:Rules:0:Kind", "cut-in-body"));
        var address = host.Client.BaseAddress!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, World.Cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v2/account HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer t\r\n\r\n"), World.Cancel);

        var received = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, World.Cancel) is > 0 and var read)
                received.AddRange(buffer[..read]);
        }
        catch (IOException)
        {
            // Closed or reset: either way it is over.
        }

        var parts = Encoding.UTF8.GetString([.. received]).Split("\r\n\r\n", 2);
        var told = parts[0].Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("HTTP/1.1 200", parts[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"account":""", parts[1], StringComparison.Ordinal);
        Assert.Equal(int.Parse(told["Content-Length: ".Length..]) / 2, parts[1].Length);
    }

    [Fact]
    public async Task A_client_is_told_of_a_body_that_broke_off()
    {
        using var host = new Host(("Seed", "empty"), ("Faults:Rules:0:Kind", "cut-in-body"), ("Faults:Rules:0:Calls", Snapshots));
        var (request, _) = Snapshot(host);

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.SendAsync(request, World.Cancel));
        Assert.Single(host.Account.State().Actions);
    }

    [Theory]
    [InlineData("truncated-json", 201, "application/json", true)]
    [InlineData("error-before", 500, "application/json", false)]
    [InlineData("error-after", 500, "application/json", true)]
    [InlineData("html-before", 504, "text/html", false)]
    [InlineData("html-after", 504, "text/html", true)]
    [InlineData("hourly-limit", 429, "application/json", false)]
    [InlineData("burst-limit", 429, "application/json", false)]
    public async Task An_answer_is_not_what_it_should_be(string kind, int status, string type, bool isStarted)
    {
        using var host = new Host(("Seed", "empty"), ("Faults:Rules:0:Kind", kind), ("Faults:Rules:0:Calls", Snapshots));
        var (request, _) = Snapshot(host);
        using var response = await host.Client.SendAsync(request, World.Cancel);
        var body = await response.Content.ReadAsStringAsync(World.Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(isStarted, host.Account.State().Actions.Count == 1);
        Assert.Equal(status is 504, body.StartsWith("<html>", StringComparison.Ordinal));
        Assert.Equal(kind is "burst-limit", response.Headers.RetryAfter is not null);
        if (kind is "truncated-json")
            Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.Equal(World.Start, response.Headers.Date);
    }

    [Theory]
    [InlineData("slow-request", 0)]
    [InlineData("slow-answer", 1)]
    public async Task It_takes_the_time_of_the_accounts_clock(string kind, int startedMeanwhile)
    {
        using var host = new Host(("Seed", "empty"), ("Faults:Rules:0:Kind", kind), ("Faults:Rules:0:Seconds", "3600"), ("Faults:Rules:0:Calls", Snapshots));
        var (request, _) = Snapshot(host);
        var asked = host.Client.SendAsync(request, World.Cancel);
        while (host.Account.Faults.Counts().Total == 0 || host.Account.State().Actions.Count < startedMeanwhile)
            await Task.Yield();
        Assert.False(asked.IsCompleted);
        Assert.Equal(startedMeanwhile, host.Account.State().Actions.Count);

        while (!asked.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        using var response = await asked;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(host.Clock.GetUtcNow() >= World.Start.AddHours(1));
    }

    [Fact]
    public async Task A_list_is_stale_and_the_date_is_wrong()
    {
        using var host = new Host(
            ("Seed", "demo"), ("Faults:ClockSkewSeconds", "-90"), ("Faults:Rules:0:Kind", "stale-list"), ("Faults:Rules:0:Seconds", "60"));
        var before = (await host.GetAsync("/v2/snapshots?per_page=200")).GetProperty("snapshots").GetArrayLength();
        host.Account.DeleteSnapshot(host.Account.Images()[0].Id, "test");

        using var response = await host.Client.GetAsync("/v2/snapshots?per_page=200", World.Cancel);
        var list = await response.Content.ReadFromJsonAsync<JsonElement>(World.Cancel);
        Assert.Equal(before, list.GetProperty("snapshots").GetArrayLength());
        Assert.Equal(World.Start.AddSeconds(-90), response.Headers.Date);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(before - 1, (await host.GetAsync("/v2/snapshots?per_page=200")).GetProperty("snapshots").GetArrayLength());
    }

    [Fact]
    public async Task Rules_are_put_added_read_counted_and_cleared_while_it_runs()
    {
        using var host = new Host(("Seed", "empty"));
        Assert.Empty((await host.GetAsync("/sandbox/faults")).GetProperty("rules").EnumerateArray());

        await host.SendAsync(
            HttpMethod.Put,
            "/sandbox/faults",
            new { seed = 3, clock_skew_seconds = 2.5, rules = new object[] { new { kind = "error-before", calls = "GET /v2/account", skip = 1, times = 1, status = 503 } } },
            HttpStatusCode.OK);
        await host.SendAsync(HttpMethod.Post, "/sandbox/faults", new { kind = "html-after", calls = "GET /v2/regions" }, HttpStatusCode.OK);
        await host.GetAsync("/v2/account");
        await host.SendAsync(HttpMethod.Get, "/v2/account", null, HttpStatusCode.ServiceUnavailable);
        using (var page = await host.Client.GetAsync("/v2/regions", World.Cancel))
            Assert.Equal(HttpStatusCode.GatewayTimeout, page.StatusCode);

        var told = await host.GetAsync("/sandbox/faults");
        Assert.Equal(2.5, told.GetProperty("clock_skew_seconds").GetDouble());
        var rules = told.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["error-before", "html-after"], rules.Select(rule => rule.GetProperty("rule").GetProperty("kind").GetString()));
        Assert.Equal((2, 1), (rules[0].GetProperty("seen").GetInt32(), rules[0].GetProperty("injected").GetInt32()));

        await host.SendAsync(HttpMethod.Delete, "/sandbox/faults", null, HttpStatusCode.NoContent);
        await host.GetAsync("/v2/regions");
        var counts = await host.GetAsync("/sandbox/faults/count");
        Assert.Equal(2, counts.GetProperty("total").GetInt32());
        Assert.Equal(1, counts.GetProperty("by_kind").GetProperty("html-after").GetInt32());
        Assert.Equal(1, counts.GetProperty("by_call").GetProperty("GET /v2/account").GetProperty("error-before").GetInt32());
        Assert.Equal(0, (await host.GetAsync("/sandbox/faults")).GetProperty("clock_skew_seconds").GetDouble());
        var journal = (await host.GetAsync("/sandbox/requests")).GetProperty("requests").EnumerateArray().ToList();
        Assert.Equal([null, "error-before", "html-after", null], journal.Select(call => call.GetProperty("fault").GetString()));
    }

    public static TheoryData<object, HttpStatusCode, string> Refused => new()
    {
        { new { rules = new[] { new { kind = "cut-sideways" } } }, HttpStatusCode.BadRequest, "$.rules[0].kind" },
        { new { rules = new[] { new { kind = "cut-after", oftne = 1 } } }, HttpStatusCode.BadRequest, "oftne" },
        { new { rules = new[] { new { calls = "*" } } }, HttpStatusCode.BadRequest, "kind" },
        { new { rules = new object[] { new { kind = "cut-after" }, new { kind = "cut-after", probability = 7 } } }, HttpStatusCode.UnprocessableEntity, "rules[1].probability is 7; it must be from 0 to 1." },
        { new { rules = new[] { new { kind = "cut-after", calls = "GET /v2/moon" } } }, HttpStatusCode.UnprocessableEntity, "rules[0].calls is 'GET /v2/moon'" },
        { new { clock_skew_seconds = 1e9 }, HttpStatusCode.UnprocessableEntity, "clock_skew_seconds must be from -86400 to 86400." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_mistake_is_told_and_changes_nothing(object body, HttpStatusCode status, string message)
    {
        using var world = new World();
        world.Account.Faults.Set(new SandboxFaultRule { Kind = SandboxFaultKind.StaleList });
        var (actual, error) = await world.SendAsync(HttpMethod.Put, "/sandbox/faults", body);

        Assert.Equal(status, actual);
        Assert.Contains(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(world.Account.Faults.Rules);
        Assert.Equal(TimeSpan.Zero, world.Account.Faults.ClockSkew);
    }

    [Theory]
    [InlineData("Rules:0:Kind", "cut", "Sandbox:Faults:Rules:0:Kind is 'cut'; it must be one of slow-request, slow-answer, cut-before, cut-after,")]
    [InlineData("Rules:0:Calls", "GET *", "Sandbox:Faults:Rules:0:Kind is ''; it must be one of")]
    [InlineData("Rules:1:Probability", "-1", "Sandbox:Faults:Rules:1:Probability is -1; it must be from 0 to 1.")]
    [InlineData("Rules:1:Calls", "POST /v2/moon", "Sandbox:Faults:Rules:1:Calls is 'POST /v2/moon'; it must be '*', or")]
    [InlineData("Rules:1:Status", "404", "Sandbox:Faults:Rules:1:Status is 404; cut-after takes none.")]
    [InlineData("Rules:1:Times", "0", "Sandbox:Faults:Rules:1:Times is 0; it must be")]
    [InlineData("Rules:1:Times", "often", "Sandbox:Faults:Rules:1:Times")]
    [InlineData("ClockSkewSeconds", "90000", "Sandbox:Faults:ClockSkewSeconds is 90000; it must be from -86400 to 86400 seconds.")]
    [InlineData("Rules:1:Oftne", "1", "there is no setting 'Oftne'")]
    [InlineData("Rule:0:Kind", "cut-after", "there is no setting")]
    public void A_wrong_configuration_stops_it_and_says_why(string key, string value, string message)
    {
        var settings = new Dictionary<string, string?> { ["Sandbox:Faults:Rules:1:Kind"] = "cut-after", [$"Sandbox:Faults:{key}"] = value };
        settings.TryAdd("Sandbox:Faults:Rules:0:Kind", key.StartsWith("Rules:0", StringComparison.Ordinal) ? "" : "stale-list");
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSandbox()
            .BuildServiceProvider();

        Assert.Contains(message, Assert.Single(SandboxHosting.ProblemsOf(services)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_configuration_nothing_goes_wrong()
    {
        using var host = new Host();

        Assert.Empty(host.Account.Faults.Rules);
        Assert.Equal(TimeSpan.Zero, host.Account.Faults.ClockSkew);
    }

    private static (HttpRequestMessage Request, SandboxDroplet Droplet) Snapshot(Host host)
    {
        var droplet = host.Account.AddDroplet(new NewDroplet { Name = "web-1" }).OrThrow();
        return (new HttpRequestMessage(HttpMethod.Post, $"/v2/droplets/{droplet.Id}/actions") { Content = JsonContent.Create(new { type = "snapshot", name = "n" }) }, droplet);
    }
}
