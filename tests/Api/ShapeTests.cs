using System.Text.Json;
using System.Text.Json.Nodes;
using DoSnapshot.Tests.Support;
using Json.Schema;

namespace DoSnapshot.Api.Tests;

/// <summary>The answers are what the description says of them, no member less and none besides.</summary>
public sealed class ShapeTests
{
    private readonly PostgresFixture _postgres;

    public ShapeTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/status", "/v1/status")]
    [InlineData("/v1/history/{subject}", "/v1/history/web-2")]
    [InlineData("/v1/snapshots/{subject}", "/v1/snapshots/one")]
    [InlineData("/v1/snapshots/{subject}", "/v1/snapshots/old")]
    [InlineData("/v1/snapshots/{subject}/explanation", "/v1/snapshots/old/explanation")]
    [InlineData("/v1/audit", "/v1/audit?from=2026-01-01&droplet=web-2")]
    [InlineData("/v1/brakes", "/v1/brakes")]
    [InlineData("/v1/me", "/v1/me")]
    [InlineData("/v1/events", "/v1/events?after=0")]
    [InlineData("/v1/plans", "/v1/plans")]
    [InlineData("/v1/past-status", "/v1/past-status?at=2026-03-02")]
    [InlineData("/v1/droplets/{subject}", "/v1/droplets/web-2")]
    [InlineData("/v1/droplets/{subject}", "/v1/droplets/web-1")]
    [InlineData("/v1/uncovered", "/v1/uncovered")]
    [InlineData("/v1/slots", "/v1/slots?droplet=web-2&droplet=1")]
    [InlineData("/v1/what-if", "/v1/what-if?keep=0d:3d")]
    [InlineData("/v1/what-goes", "/v1/what-goes?plan=p&keep=0d:60d")]
    [InlineData("/v1/forecast", "/v1/forecast?days=40")]
    [InlineData("/v1/forecast", "/v1/forecast?subject=young")]
    public async Task An_answer_is_as_it_is_described(string route, string path)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await service.BrakeAsync("plan", Ct);
        foreach (var (command, body) in ((string, object)[])
        [
            ("transfers", new { snapshot = "old", regions = new[] { "fra1" }, reason = "r" }), ("expiries", new { snapshot = "old", reason = "r" }),
            ("brake-releases", new { plan = "p", reason = "r" }), ("pauses", new { subject = "web-1", reason = "r" }),
        ])
        {
            using var done = await service.PostAsync($"/v1/{command}", body);
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Ct));
        }

        using var described = await service.GetAsync("/openapi/v1.json");
        var description = JsonNode.Parse(await described.Content.ReadAsStringAsync(Ct))!.AsObject();
        var schema = description["paths"]![route]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!.DeepClone().AsObject();
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["$defs"] = description["components"]!["schemas"]!.DeepClone();
        Close(schema);
        using var response = await service.GetAsync(path);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));
        var result = JsonSchema.FromText(
            schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal), new BuildOptions { SchemaRegistry = new SchemaRegistry() }).Evaluate(answer.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")));
    }

    /// <summary>Nothing may be in an object that is not described, and what is described is required.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (schema["properties"] is JsonObject properties)
            {
                schema["additionalProperties"] = false;
                schema["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Key)]);
            }

            foreach (var child in schema.Select(p => p.Value).ToList())
            {
                Close(child);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var child in list)
            {
                Close(child);
            }
        }
    }
}
