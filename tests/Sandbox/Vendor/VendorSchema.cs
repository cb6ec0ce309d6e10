using System.Text.Json.Nodes;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>OpenAPI 3.0 writes schemas almost as JSON Schema does; this makes up the difference.</summary>
internal static class VendorSchema
{
    // Samples and hints for people and code generators, in which nothing is demanded.
    private static readonly string[] SaysNothing =
        ["example", "examples", "discriminator", "xml", "externalDocs", "deprecated", "readOnly", "writeOnly", "nullable"];

    /// <summary>A schema in the words of JSON Schema 2020-12.</summary>
    public static JsonNode? Converted(JsonNode? schema) => schema switch
    {
        JsonObject described => Nullable(described, new JsonObject(described
            .Where(member => !SaysNothing.Contains(member.Key))
            .Select(member => KeyValuePair.Create(member.Key, member.Key switch
            {
                "properties" => Each(member.Value!.AsObject()),
                "$ref" => JsonValue.Create(member.Value!.GetValue<string>().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)),
                "enum" or "default" or "required" => member.Value?.DeepClone(),
                _ => Converted(member.Value),
            })))),
        JsonArray several => new JsonArray([.. several.Select(Converted)]),
        _ => schema?.DeepClone(),
    };

    private static JsonObject Each(JsonObject properties) =>
        new(properties.Select(property => KeyValuePair.Create(property.Key, Converted(property.Value))));

    /// <summary>What may be null says so in a type or beside all else; here null is one of the types or one of the ways to be right.</summary>
    private static JsonObject Nullable(JsonObject described, JsonObject converted)
    {
        if (described["nullable"] is not JsonValue nullable || !nullable.GetValue<bool>())
            return converted;
        return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, converted) };
    }
}
