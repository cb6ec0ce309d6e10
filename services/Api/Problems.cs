using System.Data.Common;
using System.Text.Json;
using DoSnapshot.Hosting;
using DoSnapshot.Operating;
using Microsoft.AspNetCore.Diagnostics;

namespace DoSnapshot.Api;

/// <summary>A request that cannot be used: what is wrong with each field.</summary>
internal sealed class InputException : Exception
{
    public InputException(IReadOnlyDictionary<string, string[]> errors)
        : base("The request cannot be used.")
    {
        Errors = errors;
    }

    public InputException(string field, string? value, string why)
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [value is null ? why : $"'{value}': {why}"] })
    {
    }

    /// <summary>By field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; }
}

/// <summary>Answers what went wrong as RFC 9457 wants it.</summary>
internal sealed class Problems : IExceptionHandler
{
    /// <summary>When to come again after what passes, in seconds.</summary>
    public const string RetryAfter = "5";

    private const string UntranslatableCharacter = "22021";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Of(exception) is not { } problem)
        {
            return false;
        }

        if (problem is IStatusCodeHttpResult { StatusCode: StatusCodes.Status503ServiceUnavailable })
        {
            httpContext.Response.Headers.RetryAfter = RetryAfter;
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>What is to be said of an answer that is its status alone; null where there is nothing to say.</summary>
    public static string? Usual(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => "A token is wanted, by the header Authorization: Bearer TOKEN. None came, or nobody has this one.",
        StatusCodes.Status403Forbidden => "This token may not do that: commands need an operator's, questions a viewer's or an operator's.",
        StatusCodes.Status404NotFound => "There is nothing at this address: /openapi/v1.json says what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address takes another method: the header Allow says which.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large: 64 KiB is the most.",
        StatusCodes.Status503ServiceUnavailable => "Too much is asked at the same time. Come again in a few seconds.",
        StatusCodes.Status504GatewayTimeout => "It took too long and was broken off. What a command has put into the log stays there.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with the header Content-Type: application/json.",
        _ => null,
    };

    private static IResult? Of(Exception e) => e switch
    {
        InputException input => Results.ValidationProblem(input.Errors.ToDictionary(StringComparer.Ordinal), title: input.Message),
        SubjectException { Trouble: SubjectTrouble.Unusable } s => Results.ValidationProblem(
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [Field(s)] = [s.Message] }, title: "The request cannot be used."),
        SubjectException { Trouble: SubjectTrouble.Ambiguous } s => Results.Problem(
            s.Message, statusCode: StatusCodes.Status409Conflict, title: "It may be several things.", extensions: Told(s).Append(new("candidates", s.Candidates))),
        SubjectException s => Results.Problem(s.Message, statusCode: StatusCodes.Status404NotFound, title: "The log does not know it.", extensions: Told(s)),
        BadHttpRequestException { InnerException: JsonException json } bad => Results.Problem(Unread(json), statusCode: bad.StatusCode, title: "The request cannot be used."),
        BadHttpRequestException bad when bad.Message.Contains("no body was provided", StringComparison.Ordinal) => Results.Problem(
            "A body is wanted: an object in JSON, with the header Content-Type: application/json.", statusCode: bad.StatusCode, title: "The request cannot be used."),
        BadHttpRequestException bad => Results.Problem(Usual(bad.StatusCode) ?? bad.Message, statusCode: bad.StatusCode),
        // PostgreSQL has no text with such a character in it, and so nothing that is called so.
        _ when e.GetBaseException() is DbException { SqlState: UntranslatableCharacter } => Results.Problem(
            "A character in it is one that no text can have.", statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be used."),
        _ when OrdinaryTrouble.Describe(e) is not null => Results.Problem(
            "PostgreSQL cannot be used at the moment.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "The log is away."),
        _ => null,
    };

    /// <summary>Where a body is wrong, by its own names.</summary>
    private static string Unread(JsonException e)
    {
        var what = e.Path?.TrimStart('$', '.') is { Length: > 0 } member ? $"'{member}' is not known here, or not of the kind that is wanted" : "it is no JSON of the kind that is wanted";
        return $"The body cannot be read: {what}{(e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "")}.";
    }

    private static IEnumerable<KeyValuePair<string, object?>> Told(SubjectException s) => [new("field", Field(s)), new("value", s.Value)];

    private static string Field(SubjectException s) => s.Field switch
    {
        "" or "PLAN|DROPLET" => "subject",
        var field => field.TrimStart('-').ToLowerInvariant(),
    };
}
