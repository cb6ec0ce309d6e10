using System.Net;
using System.Text.Json;

namespace DoSnapshot.Api.Tests;

/// <summary>The description for programs tells of every route, and of each what it does and how it may end.</summary>
public sealed class DescriptionTests
{
    private const string Calendar = "GET /v1/forecast.ics";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_in_it_with_a_summary_its_answers_and_its_problems()
    {
        // It needs neither token nor log.
        await using var service = await Service.StartAsync("Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d", Ct);
        using var response = await service.SendAsync(HttpMethod.Get, "/openapi/v1.json", token: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var document = await Service.JsonAsync(response);
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (Route: $"{o.Name.ToUpperInvariant()} {path.Name}", o.Value))).ToList();
        Assert.Equal(27, operations.Count);
        Assert.Equal(service.Routes.Order(StringComparer.Ordinal), operations.Select(o => o.Route).Order(StringComparer.Ordinal));
        Assert.All(
            operations.Where(o => o.Route is not Calendar),
            o => Check(!o.Route.StartsWith("GET", StringComparison.Ordinal), o.Value));

        // What has one form alone, whatever is asked for.
        var calendar = operations.Single(o => o.Route is Calendar).Value;
        Assert.NotEmpty(calendar.GetProperty("summary").GetString()!);
        var content = Assert.Single(calendar.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject());
        Assert.Equal(("text/calendar", "string"), (content.Name, content.Value.GetProperty("schema").GetProperty("type").GetString()));
    }

    private static void Check(bool isCommand, JsonElement operation)
    {
        Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
        var responses = operation.GetProperty("responses");
        Assert.Contains("text/plain", Types(isCommand ? "202" : "200"));
        Assert.Equal("string", Answer("text/plain").GetProperty("type").GetString());
        Assert.Contains("application/json", Types(isCommand ? "202" : "200"));
        Assert.All(
            (string[])["401", "403", "406", "503", .. isCommand ? (string[])["400", "404", "409", "422"] : []],
            status => Assert.Equal(["application/problem+json"], Types(status)));
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
        Assert.All(parameters, p => Assert.NotEmpty(p.GetProperty("description").GetString()!));
        Assert.Equal(isCommand, parameters.Any(p => p.GetProperty("name").GetString() == "Idempotency-Key"));
        Assert.Equal(isCommand, operation.TryGetProperty("requestBody", out _));

        JsonElement Answer(string type) => responses.GetProperty(isCommand ? "202" : "200").GetProperty("content").GetProperty(type).GetProperty("schema");
        IEnumerable<string> Types(string status) => responses.GetProperty(status).GetProperty("content").EnumerateObject().Select(c => c.Name);
    }
}
