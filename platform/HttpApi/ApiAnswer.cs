using System.Net;
using System.Text;
using System.Text.Json;

namespace DoSnapshot.HttpApi;

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">What the body is; empty where that is not said.</param>
/// <param name="Utf8">The body as it came: a large one is read from it at once, without its text beside it.</param>
/// <param name="Holds">What an audit's header says; null where there is none.</param>
public sealed record ApiAnswer(HttpStatusCode Status, string MediaType, ReadOnlyMemory<byte> Utf8, bool? Holds)
{
    private string? body;

    /// <summary>The form of problems by RFC 9457.</summary>
    public const string Problem = "application/problem+json";

    /// <summary>The body as text.</summary>
    public string Body => body ??= Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Whether it is an answer in this form.</summary>
    /// <param name="status">The wanted status.</param>
    /// <param name="mediaType">The wanted form.</param>
    public bool IsIn(HttpStatusCode status, string mediaType) => Status == status && string.Equals(MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The problem by RFC 9457; null where it is none.</summary>
    public JsonElement? AsProblem()
    {
        if (!string.Equals(MediaType, Problem, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Utf8);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? root.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
