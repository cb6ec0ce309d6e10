using System.Text.Json;
using System.Text.Json.Nodes;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>
/// Which members were told and which are described. A schema forbids no member, so a misspelt one would break no rule of it.
/// </summary>
internal sealed class VendorMembers(VendorDescription description)
{
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public IEnumerable<string> Undescribed => _told.Except(_described).Order(StringComparer.Ordinal);

    public IEnumerable<string> NeverTold => _described.Except(_told).Order(StringComparer.Ordinal);

    /// <summary>Looks through a value. Its members are named by the schema that has a name and is nearest above them.</summary>
    public void Look(string place, JsonObject schema, JsonElement value)
    {
        List<JsonObject> parts = [.. PartsOf(schema)];
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    LookAll($"{place}[]", [.. parts.Select(part => part["items"]).OfType<JsonObject>()], item);
                break;
            case JsonValueKind.Object:
                var members = parts.Select(part => part["properties"]).OfType<JsonObject>().SelectMany(properties => properties)
                    .ToLookup(property => property.Key, property => property.Value!.AsObject(), StringComparer.Ordinal);
                _described.UnionWith(members.Select(member => $"{place}.{member.Key}"));
                foreach (var member in value.EnumerateObject())
                {
                    _told.Add($"{place}.{member.Name}");
                    LookAll($"{place}.{member.Name}", [.. members[member.Name]], member.Value);
                }

                break;
        }
    }

    private void LookAll(string place, List<JsonObject> schemas, JsonElement value)
    {
        if (schemas.Count == 0)
            return;
        var all = new JsonObject { ["allOf"] = new JsonArray([.. schemas.Select(schema => schema.DeepClone())]) };
        Look(schemas.Select(Name).FirstOrDefault(name => name is not null) ?? place, all, value);
    }

    /// <summary>The name of what a member is: of the reference, or of the first one that it is composed of.</summary>
    private static string? Name(JsonObject schema) =>
        VendorDescription.NameOf(schema) ?? schema["allOf"]?.AsArray().OfType<JsonObject>().Select(Name).FirstOrDefault(name => name is not null);

    /// <summary>A schema and all that it is composed of.</summary>
    private IEnumerable<JsonObject> PartsOf(JsonObject schema)
    {
        schema = description.Followed(schema);
        var composed = new[] { "allOf", "anyOf", "oneOf" }.SelectMany(way => schema[way]?.AsArray() ?? []).OfType<JsonObject>();
        return [schema, .. composed.SelectMany(PartsOf)];
    }
}
