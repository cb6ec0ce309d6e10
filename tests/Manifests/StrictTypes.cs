using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DoSnapshot.Manifests.Tests;

/// <summary>Holds values against the types of their members, as the cluster does: <c>value: true</c> is no text.</summary>
internal static class StrictTypes
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads each document a second time, as JSON.</summary>
    /// <param name="yaml">The documents.</param>
    /// <param name="objects">What they were read as.</param>
    /// <exception cref="JsonException">A value is of another type than its member.</exception>
    public static void Check(string yaml, IReadOnlyList<object> objects)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var (document, read) in stream.Documents.Zip(objects))
        {
            // What is in a Secret is Base64, which the renderer folds over lines as YAML may and JSON may not.
            if (read is not V1Secret)
            {
                _ = JsonSerializer.Deserialize(Json(document.RootNode), read.GetType(), Options);
            }
        }
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } text => text.Value,
        YamlScalarNode { Value: var plain } => plain switch
        {
            "" or "~" or "null" or null => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => plain,
        },
        _ => throw new NotSupportedException(node.NodeType.ToString()),
    };
}
