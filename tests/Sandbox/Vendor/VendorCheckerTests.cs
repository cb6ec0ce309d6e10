using System.Text.Json;
using System.Text.Json.Nodes;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The comparison finds what is wrong, shown with a small description of our own.</summary>
public sealed class VendorCheckerTests
{
    private const string Description = """
        {
          "paths": {
            "/v2/things": {
              "get": {
                "security": [{ "bearer_auth": ["thing:read"] }],
                "responses": { "200": { "$ref": "#/components/responses/things" }, "default": { "$ref": "#/components/responses/error" } }
              }
            },
            "/v2/things/{thing_id}": { "delete": { "responses": { "204": { "$ref": "#/components/responses/none" } } } }
          },
          "components": {
            "responses": {
              "things": {
                "headers": { "ratelimit-limit": { "$ref": "#/components/headers/number" }, "x-request-id": { "schema": { "type": "string", "format": "uuid" } } },
                "content": {
                  "application/json": {
                    "schema": {
                      "allOf": [
                        { "type": "object", "properties": { "things": { "type": "array", "items": { "$ref": "#/components/schemas/thing" } } }, "required": ["things"] },
                        { "properties": { "links": { "anyOf": [{ "properties": { "next": { "type": "string" } }, "required": ["next"] }, {}] } } }
                      ]
                    }
                  }
                }
              },
              "none": { "headers": {} },
              "error": { "content": { "application/json": { "schema": { "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] } } } }
            },
            "headers": { "number": { "schema": { "type": "integer" } } },
            "schemas": {
              "thing": {
                "type": "object",
                "properties": {
                  "id": { "type": "integer", "example": "not looked at" },
                  "at": { "type": "string", "format": "date-time", "nullable": true },
                  "kind": { "$ref": "#/components/schemas/kind" },
                  "nullable": { "type": "boolean" }
                },
                "required": ["id"]
              },
              "kind": { "type": "string", "enum": ["a", "b"] }
            }
          }
        }
        """;

    private static readonly Dictionary<string, string> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["RateLimit-Limit"] = "5000",
        ["x-request-id"] = "506f78a4-e098-11e5-ad9f-000f53306ae1",
    };

    [Theory]
    [InlineData("""{"things":[]}""")]
    [InlineData("""{"things":[{"id":1,"at":null,"kind":"a","nullable":true},{"id":3000000000,"at":"2026-03-01T12:00:00Z"}],"links":{}}""")]
    [InlineData("""{"things":[],"links":{"next":"there"}}""")]
    public void A_right_answer_is_right(string body) => Assert.Empty(Found("GET", "/v2/things", 200, body).Deviations);

    [Theory]
    [InlineData("GET", "/v2/things", 200, """{"things":[{"id":"1"}]}""", "thing.id: type")]
    [InlineData("GET", "/v2/things", 200, """{"things":[{"at":null}]}""", "thing: required")]
    [InlineData("GET", "/v2/things", 200, """{"things":[{"id":null}]}""", "thing.id: type")]
    [InlineData("GET", "/v2/things", 200, """{"things":[{"id":1,"at":"yesterday"}]}""", "thing.at/anyOf/1: format")]
    [InlineData("GET", "/v2/things", 200, """{"things":[{"id":1,"kind":"c"}]}""", "kind: enum")]
    [InlineData("GET", "/v2/things", 200, """{"links":{}}""", "#/allOf/0: required")]
    [InlineData("GET", "/v2/things", 200, null, "things: no body")]
    [InlineData("GET", "/v2/things", 404, """{"name":"x"}""", "#: required")]
    [InlineData("DELETE", "/v2/things/1", 204, "{}", "none: a body where none is described")]
    [InlineData("DELETE", "/v2/things/1", 404, "{}", "DELETE /v2/things/{thing_id} 404: not described")]
    [InlineData("GET", "/v2/others", 200, "{}", "GET /v2/others: not described")]
    public void A_wrong_one_is_found_and_the_rule_named(string method, string path, int status, string? body, string rule) =>
        Assert.Contains(rule, Found(method, path, status, body).Deviations.Keys);

    [Theory]
    [InlineData("ratelimit-limit", null, "things: header ratelimit-limit is missing")]
    [InlineData("ratelimit-limit", "many", "things: header ratelimit-limit is of another kind")]
    [InlineData("x-request-id", "7", "things: header x-request-id is of another kind")]
    public void A_described_header_must_be_there_and_right(string name, string? value, string rule)
    {
        var headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase);
        headers.Remove(name);
        if (value is not null)
            headers[name] = value;

        Assert.Equal([rule], Found("GET", "/v2/things", 200, """{"things":[]}""", headers).Deviations.Keys);
    }

    [Fact]
    public void Members_are_compared_both_ways()
    {
        var found = Found("GET", "/v2/things", 200, """{"things":[{"id":1,"kind":"a","knid":"b"}],"link":{}}""");

        Assert.Equal(["thing.knid", "things.link"], found.Undescribed);
        Assert.Equal(["thing.at", "thing.nullable", "things.links"], found.NeverTold);
    }

    [Fact]
    public void What_was_met_is_noted_by_call_and_status()
    {
        Assert.Equal([("DELETE /v2/things/{thing_id}", 204)], Found("DELETE", "/v2/things/77", 204, null).Seen);
        Assert.Equal(["thing:read"], Document().Operations[0].Scopes);
        Assert.Equal([200], Document().Operations[0].Statuses);
    }

    [Fact]
    public void A_correction_of_what_is_right_fails()
    {
        var document = JsonNode.Parse("""{"components":{"schemas":{"region_slug":{"enum":["nyc3","lon1"]}}}}""")!.AsObject();

        VendorCorrection.All[0].Apply(document);
        Assert.Contains("atl1", document.ToJsonString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => VendorCorrection.All[0].Apply(document));
    }

    private static VendorDescription Document() => new(JsonNode.Parse(Description)!.AsObject());

    private static VendorChecker Found(string method, string path, int status, string? body, IReadOnlyDictionary<string, string>? headers = null)
    {
        var checker = new VendorChecker(Document());
        checker.Check(new VendorExchange(method, path, status, headers ?? Headers, body is null ? null : JsonDocument.Parse(body).RootElement));
        return checker;
    }
}
