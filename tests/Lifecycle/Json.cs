using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>JSON as log and bus write it.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Of(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static object To(Type type, string json) => JsonSerializer.Deserialize(json, type, Options)!;
}
