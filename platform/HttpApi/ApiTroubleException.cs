using System.Globalization;
using System.Net;
using System.Text.Json;

namespace DoSnapshot.HttpApi;

/// <summary>Why the API did not do what was asked of it.</summary>
public enum ApiTrouble
{
    /// <summary>Nothing could be reached, or there was no answer in time.</summary>
    Unreachable,

    /// <summary>It is there, and cannot answer at the moment: its database is away, or too much is asked.</summary>
    Away,

    /// <summary>It knows nobody with the token, or wants one.</summary>
    Nobody,

    /// <summary>The caller may not do that.</summary>
    Forbidden,

    /// <summary>The log does not know what is named.</summary>
    Unknown,

    /// <summary>A rule refuses it, or it cannot be used: nothing was done.</summary>
    Refused,

    /// <summary>What answers is not the API, or one of another version.</summary>
    Strange,
}

/// <summary>The API did not do what was asked of it. The message is a sentence or two for people, and quotes no token.</summary>
public sealed class ApiTroubleException : Exception
{
    /// <summary>It is so.</summary>
    /// <param name="trouble">Why.</param>
    /// <param name="message">In words.</param>
    /// <param name="inner">What was thrown.</param>
    public ApiTroubleException(ApiTrouble trouble, string message, Exception? inner = null)
        : base(message, inner)
    {
        Trouble = trouble;
    }

    /// <summary>Why.</summary>
    public ApiTrouble Trouble { get; }

    /// <summary>Whether it passes by itself.</summary>
    public bool Passes => Trouble is ApiTrouble.Unreachable or ApiTrouble.Away;

    /// <summary>What an answer means that is not the one that was wanted.</summary>
    /// <param name="answer">The answer.</param>
    public static ApiTroubleException Of(ApiAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var number = ((int)answer.Status).ToString(CultureInfo.InvariantCulture);
        if (answer.AsProblem() is not { } problem)
        {
            return answer.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                ? new ApiTroubleException(ApiTrouble.Unreachable, $"The API does not run behind its address (status {number}).")
                : new ApiTroubleException(ApiTrouble.Strange, $"What answers is not the API, or one of another version (status {number}).");
        }

        var detail = Mistakes(problem) ?? Text(problem, "detail") ?? Text(problem, "title") ?? $"Status {number}.";
        return new ApiTroubleException(
            answer.Status switch
            {
                HttpStatusCode.Unauthorized => ApiTrouble.Nobody,
                HttpStatusCode.Forbidden => ApiTrouble.Forbidden,
                HttpStatusCode.NotFound when Text(problem, "field") is not null => ApiTrouble.Unknown,
                HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => ApiTrouble.Refused,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ApiTrouble.Away,
                _ => ApiTrouble.Strange,
            },
            detail);
    }

    private static string? Mistakes(JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Object
            ? string.Join("; ", errors.EnumerateObject().SelectMany(f => f.Value.EnumerateArray().Select(why => $"{f.Name}: {why.GetString()}")))
            : null;

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
