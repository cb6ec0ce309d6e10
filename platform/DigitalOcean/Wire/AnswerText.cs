using System.Text.Json;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>The JSON of answers.</summary>
internal static class AnswerText
{
    /// <summary>The object that a body holds; anything else is an <see cref="UnreadableAnswerException"/>.</summary>
    internal static JsonElement ReadObject(this Answer.Received answer) =>
        answer.TryReadObject() ?? throw new UnreadableAnswerException($"the body of {answer.Body.Length} bytes is no JSON object");

    /// <summary>The member, which must be there.</summary>
    internal static JsonElement Required(this JsonElement json, string name) =>
        json.Member(name) ?? throw new UnreadableAnswerException($"the body has no {name}");

    /// <summary>The action of a POST's answer, which is described bare for images but comes under its name (documented example).</summary>
    internal static CloudAction ReadAction(this Answer.Received answer)
    {
        var json = answer.ReadObject();
        return Resource.Action(json.Member("action") ?? json);
    }

    internal static JsonElement? TryReadObject(this Answer.Received answer)
    {
        try
        {
            var json = JsonElement.Parse(answer.Body);
            return json.ValueKind is JsonValueKind.Object ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a 404 is the API's own. A page of some proxy or of the edge (observed for 504) says nothing about the resource.
    /// </summary>
    internal static bool IsNotFound(this Answer.Received answer) =>
        answer.Status == 404 && (answer.Body.Length == 0 || answer.TryReadObject() is not null);
}
