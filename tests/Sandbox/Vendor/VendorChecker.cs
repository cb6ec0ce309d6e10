using System.Text.Json.Nodes;
using Json.Schema;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>Holds answers against the vendor's description, and gathers what is not as it says.</summary>
internal sealed class VendorChecker(VendorDescription description)
{
    private static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.Hierarchical, RequireFormatValidation = true };

    // The schemas of one description are not mixed up with those of another in the same process.
    private readonly BuildOptions _own = new() { SchemaRegistry = new SchemaRegistry() };
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);
    private readonly VendorMembers _members = new(description);

    /// <summary>What is otherwise than described, with an answer in which it is so. A rule is named by its place in the description.</summary>
    public SortedDictionary<string, string> Deviations { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls and statuses that were met.</summary>
    public HashSet<(string Operation, int Status)> Seen { get; } = [];

    /// <summary>Members that were told and are not described.</summary>
    public IEnumerable<string> Undescribed => _members.Undescribed;

    /// <summary>Members that are described for what was told, and never were.</summary>
    public IEnumerable<string> NeverTold => _members.NeverTold;

    public void Check(VendorExchange exchange)
    {
        if (description.Find(exchange.Method, exchange.Path) is not { } operation)
        {
            Deviates($"{exchange.Method} {exchange.Path}: not described", exchange);
            return;
        }

        Seen.Add(($"{operation}", exchange.Status));
        if (description.ResponseOf(operation, exchange.Status) is not var (name, response))
        {
            Deviates($"{operation} {exchange.Status}: not described", exchange);
            return;
        }

        CheckHeaders(name, response, exchange);
        var schema = response["content"]?["application/json"]?["schema"]?.AsObject();
        if ((schema, exchange.Body) is (null, not null) or (not null, null))
            Deviates(schema is null ? $"{name}: a body where none is described" : $"{name}: no body", exchange);
        if (schema is null || exchange.Body is not { } body)
            return;

        foreach (var rule in Broken(SchemaOf(name, schema).Evaluate(body, Strictly)).Distinct(StringComparer.Ordinal))
            Deviates(rule, exchange);
        _members.Look(name, schema, body);
    }

    private void CheckHeaders(string name, JsonObject response, VendorExchange exchange)
    {
        foreach (var (header, described) in response["headers"]?.AsObject() ?? [])
        {
            var schema = description.Followed(described!.AsObject())["schema"]!.AsObject();
            if (!exchange.Headers.TryGetValue(header, out var value))
                Deviates($"{name}: header {header} is missing", exchange);
            else if (!IsOfKind(schema, value))
                Deviates($"{name}: header {header} is of another kind", exchange);
        }
    }

    private static bool IsOfKind(JsonObject schema, string value) => (schema["type"]?.GetValue<string>(), schema["format"]?.GetValue<string>()) switch
    {
        ("integer", _) => long.TryParse(value, out _),
        (_, "uuid") => Guid.TryParse(value, out _),
        _ => value.Length > 0,
    };

    private JsonSchema SchemaOf(string name, JsonObject schema)
    {
        if (_schemas.TryGetValue(name, out var known))
            return known;
        var root = VendorSchema.Converted(schema)!.AsObject();
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        root["$defs"] = description.Definitions();
        return _schemas[name] = JsonSchema.FromText(root.ToJsonString(), _own, new Uri($"https://description.invalid/{Uri.EscapeDataString(name)}"));
    }

    /// <summary>The rules that were broken. What failed inside something that is right all the same, as one of several ways, is none.</summary>
    private static IEnumerable<string> Broken(EvaluationResults results)
    {
        if (results.IsValid)
            return [];
        var place = Uri.UnescapeDataString(results.SchemaLocation.Fragment)
            .Replace("#/$defs/", "", StringComparison.Ordinal)
            .Replace("/properties/", ".", StringComparison.Ordinal);
        var own = (results.Errors ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(error => $"{place}: {error.Key}");
        return own.Concat((results.Details ?? []).SelectMany(Broken));
    }

    private void Deviates(string rule, VendorExchange exchange)
    {
        var body = exchange.Body?.GetRawText() ?? "";
        Deviations.TryAdd(rule, $"{exchange} {body[..Math.Min(300, body.Length)]}");
    }
}
