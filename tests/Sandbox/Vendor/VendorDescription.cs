using System.Text.Json.Nodes;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The vendor's own description of its API: OpenAPI 3.0 in JSON, in one file.</summary>
internal sealed class VendorDescription
{
    /// <summary>The environment variable that says where it is. It is the vendor's and no part of this project.</summary>
    public const string Variable = "DOSNAPSHOT_VENDOR_OPENAPI";

    private readonly JsonObject _document;

    public VendorDescription(JsonObject document)
    {
        _document = document;
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               where operation.Key is "get" or "post" or "put" or "patch" or "delete"
               select new VendorOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()),
        ];
    }

    /// <summary>Where it is; none if nobody said.</summary>
    public static string? Path => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    public IReadOnlyList<VendorOperation> Operations { get; }

    /// <summary>Reads it, and corrects what is known to be wrong in it.</summary>
    public static VendorDescription Read(string path)
    {
        var document = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var correction in VendorCorrection.All)
            correction.Apply(document);
        return new VendorDescription(document);
    }

    /// <summary>The call that this request makes; the one with the fewest braces, if several could be meant.</summary>
    public VendorOperation? Find(string method, string path) => Operations
        .Where(operation => string.Equals(operation.Method, method, StringComparison.Ordinal) && operation.IsAt(path))
        .MinBy(operation => operation.Template.Count(c => c == '{'));

    /// <summary>The description of an answer, and what it is called; none if neither this status is described nor any other.</summary>
    public (string Name, JsonObject Response)? ResponseOf(VendorOperation operation, int status)
    {
        var responses = operation.Description["responses"]!.AsObject();
        return (responses[$"{status}"] ?? responses["default"])?.AsObject() is { } response
            ? (NameOf(response) ?? $"{operation} {status}", Followed(response))
            : null;
    }

    /// <summary>The schemas that are spoken of by name, converted so that a validator of JSON Schema understands them.</summary>
    public JsonObject Definitions() =>
        new(_document["components"]!["schemas"]!.AsObject().Select(schema => KeyValuePair.Create(schema.Key, VendorSchema.Converted(schema.Value))));

    /// <summary>What a reference leads to; the thing itself if it is none.</summary>
    public JsonObject Followed(JsonObject thing)
    {
        while (thing["$ref"] is { } reference)
        {
            JsonNode target = _document;
            foreach (var part in reference.GetValue<string>().TrimStart('#', '/').Split('/'))
                target = target[part] ?? throw new InvalidOperationException($"{reference} leads nowhere.");
            thing = target.AsObject();
        }

        return thing;
    }

    /// <summary>The name that a reference has for what it leads to.</summary>
    public static string? NameOf(JsonObject thing) => thing["$ref"]?.GetValue<string>().Split('/')[^1];
}

/// <summary>A call that the vendor describes.</summary>
internal sealed record VendorOperation(string Method, string Template, JsonObject Description)
{
    /// <summary>What a token must be allowed for it.</summary>
    public IReadOnlyList<string> Scopes =>
        [.. Description["security"]!.AsArray().SelectMany(way => way!["bearer_auth"]?.AsArray() ?? []).Select(scope => scope!.GetValue<string>())];

    /// <summary>The statuses that are described one by one.</summary>
    public IEnumerable<int> Statuses =>
        Description["responses"]!.AsObject().Where(response => response.Key != "default").Select(response => int.Parse(response.Key));

    public bool IsAt(string path)
    {
        var (parts, template) = (path.Split('/'), Template.Split('/'));
        return parts.Length == template.Length && parts.Zip(template).All(pair => pair.Second.StartsWith('{') || pair.First == pair.Second);
    }

    public override string ToString() => $"{Method} {Template}";
}
