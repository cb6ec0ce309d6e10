using System.Net;
using System.Text.Json;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.HttpApi;

namespace DoSnapshot.Cli.ByApi;

/// <summary>What an API's answer that is not the one that was wanted means for the person at the command.</summary>
internal static class ApiTrouble
{
    /// <summary>In words, with the exit code that the same has where the log itself is asked.</summary>
    /// <param name="place">Where the API is.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="isCommand">Whether it was a command: one that failed on the way may have been done, and the next would do it again.</param>
    public static ApiException Of(ApiPlace place, ApiAnswer answer, bool isCommand = false)
    {
        var number = (int)answer.Status;
        var again = isCommand ? $"whether it was done all the same, '{Usage.Program} history' says" : "try again later";
        if (answer.AsProblem() is not { } problem)
        {
            var what = answer.MediaType.Length == 0 ? "without a body" : answer.MediaType;
            return new ApiException(
                number is 502 or 503 or 504
                    ? $"what answers at {place} is not the API (status {number}, {what}): look whether the API runs behind it; {again}"
                    : $"what answers at {place} is not the API of {Usage.Program} (status {number}, {what}): look whether {ApiPlace.Option} or {ApiPlace.Variable} has its address");
        }

        var detail = Text(problem, "detail") ?? Text(problem, "title") ?? "";
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => new ApiException(place.Token is null
                ? $"the API at {place} wants a token: {ApiPlace.TokenWays}"
                : $"the API at {place} knows nobody with this token: give another by {ApiPlace.TokenWays}{(place.Token.Contains(':', StringComparison.Ordinal) ? "; what stands before the colon in the API's own file is a name, and no part of it" : "")}"),
            HttpStatusCode.Forbidden => new ApiException($"the API at {place} refuses: this token may not do that; commands need an operator's, questions a viewer's or an operator's"),
            HttpStatusCode.NotFound when Text(problem, "field") is { } field => Refused(Named(field, detail)),
            HttpStatusCode.NotFound => new ApiException($"the API at {place} does not know this command: it may be of another version, or {ApiPlace.Option} has more than its address"),
            HttpStatusCode.BadRequest => Refused(Mistakes(problem) is { Length: > 0 } mistakes ? mistakes : detail),
            HttpStatusCode.Conflict when Text(problem, "field") is { } field => Refused(Named(field, detail)),
            HttpStatusCode.Conflict => new ApiException($"the API at {place}: {detail} What became of it is in the log: see '{Usage.Program} history'"),
            HttpStatusCode.UnprocessableEntity => Refused(detail),
            HttpStatusCode.ServiceUnavailable => new ApiException($"the API at {place} cannot answer at the moment: {detail.TrimEnd('.')}; {again}"),
            _ => new ApiException($"the API at {place} failed: status {number}{(detail.Length > 0 ? $", {detail.TrimEnd('.')}" : "")}; its own log says why{(isCommand && number >= 500 ? $", and {again}" : "")}"),
        };
    }

    private static ApiException Refused(string message) => new(message, ExitCodes.WrongUsage);

    /// <summary>A field of the query is an option here.</summary>
    private static string Named(string field, string detail) => detail.StartsWith($"{field} '", StringComparison.Ordinal) ? $"--{detail}" : detail;

    private static string Mistakes(JsonElement problem) => problem.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Object
        ? string.Join("; ", errors.EnumerateObject().SelectMany(
            field => field.Value.EnumerateArray().Select(why => why.GetString() ?? "").Select(
                why => why.StartsWith('-') ? why : why.StartsWith('\'') ? $"{field.Name} {why}" : $"{field.Name}: {why}")))
        : "";

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
