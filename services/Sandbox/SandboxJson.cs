using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoSnapshot.Sandbox;

/// <summary>How the sandbox writes and reads JSON.</summary>
internal static class SandboxJson
{
    /// <summary>As the vendor does: snake case, times to the second, unknown members ignored.</summary>
    public static JsonSerializerOptions Vendor { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FragmentConverter(), new SecondsConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>As the control routes do: the same, but times are exact, and a member that does not exist is a mistake to be told.</summary>
    public static JsonSerializerOptions Control { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>As files are: the same as the control routes; comments and trailing commas are forgiven to people.</summary>
    public static JsonSerializerOptions File { get; } = new(Control)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    public static SandboxResponse Ok(object body, int status = 200, JsonSerializerOptions? options = null) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(body, options ?? Vendor));

    public static SandboxResponse Refusal(SandboxError error, string? requestId = null) =>
        requestId is null
            ? Ok(new { error.Id, error.Message }, error.Status)
            : Ok(new { error.Id, error.Message, RequestId = requestId }, error.Status);

    public static bool TryRead<T>(SandboxRequest request, JsonSerializerOptions options, [NotNullWhen(true)] out T? body, out SandboxError error)
        where T : class
    {
        (body, error) = (null, SandboxError.BadRequest("The body is missing."));
        try
        {
            if (request.Body.IsEmpty)
                return false;
            body = JsonSerializer.Deserialize<T>(request.Body.Span, options);
        }
        catch (JsonException exception)
        {
            error = SandboxError.BadRequest($"The body is not as it should be: {exception.Message}");
        }

        return body is not null;
    }

    private sealed class FragmentConverter : JsonConverter<SandboxFragment>
    {
        public override SandboxFragment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A fragment is only written.");

        public override void Write(Utf8JsonWriter writer, SandboxFragment value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
    }

    private sealed class SecondsConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }
}
