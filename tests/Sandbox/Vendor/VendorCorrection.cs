using System.Text.Json.Nodes;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>A mistake in the vendor's description, which is corrected before anything is held against it.</summary>
/// <param name="Place">Where the mistake is, as a JSON pointer.</param>
/// <param name="Why">How one knows that it is one.</param>
/// <param name="IsThere">Whether it is still there: a correction of what is right fails.</param>
/// <param name="Corrected">What it should say.</param>
internal sealed record VendorCorrection(string Place, string Why, Func<JsonNode, bool> IsThere, Func<JsonNode, JsonNode> Corrected)
{
    private const string ActionReference = "#/components/schemas/action";

    /// <summary>All that are known; docs/sandbox.md has them too.</summary>
    public static IReadOnlyList<VendorCorrection> All { get; } =
    [
        new(
            "/components/schemas/region_slug/enum",
            "Other parts of the description speak of atl1.",
            slugs => !slugs.AsArray().Any(slug => slug!.GetValue<string>() == "atl1"),
            slugs => new JsonArray([.. slugs.AsArray().Select(slug => slug!.DeepClone()), JsonValue.Create("atl1")])),
        Wrapped("post_image_action_response"),
        Wrapped("get_image_action_response"),
        new(
            "/components/schemas/tags/properties/resources/allOf/1/properties",
            "Misspelt: the description's own examples have images.",
            properties => properties["imgages"] is not null && properties["images"] is null,
            properties => new JsonObject(properties.AsObject().Select(member =>
                KeyValuePair.Create(member.Key == "imgages" ? "images" : member.Key, member.Value?.DeepClone())))),
        WithoutScope("/paths/~1v2~1volumes/get", "api:read"),
        WithoutScope("/paths/~1v2~1volumes/get", "api:write"),
        WithoutScope("/paths/~1v2~1volumes/post", "api:write"),
        WithoutScope("/paths/~1v2~1volumes/delete", "api:write"),
    ];

    /// <summary>Corrects a description in place.</summary>
    /// <exception cref="InvalidOperationException">The mistake is not there any more, and the correction should go.</exception>
    public void Apply(JsonObject document)
    {
        var parts = Place.Split('/')[1..].Select(part => part.Replace("~1", "/", StringComparison.Ordinal)).ToArray();
        var parent = parts[..^1].Aggregate((JsonNode)document, Child);
        var found = Child(parent, parts[^1]);
        if (!IsThere(found))
            throw new InvalidOperationException($"{Place} is not wrong any more: {Why}");
        parent[parts[^1]] = Corrected(found);
    }

    private static JsonNode Child(JsonNode node, string name) =>
        (node is JsonArray array ? array[int.Parse(name)] : node[name])
            ?? throw new InvalidOperationException($"The description has no {name} where it should.");

    private static VendorCorrection Wrapped(string response) => new(
        $"/components/responses/{response}/content/application~1json/schema",
        "The description's own example, and the vendor's clients, have the action under a key.",
        schema => schema["$ref"]?.GetValue<string>() == ActionReference,
        _ => new JsonObject { ["properties"] = new JsonObject { ["action"] = new JsonObject { ["$ref"] = ActionReference } } });

    private static VendorCorrection WithoutScope(string operation, string scope) => new(
        $"{operation}/security/0/bearer_auth",
        $"No token can be given {scope}.",
        scopes => scopes.AsArray().Any(one => one!.GetValue<string>() == scope),
        scopes => new JsonArray([.. scopes.AsArray().Where(one => one!.GetValue<string>() != scope).Select(one => one!.DeepClone())]));
}
