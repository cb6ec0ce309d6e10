using System.Text;

namespace DoSnapshot.Api;

/// <summary>In which form a caller wants the answer.</summary>
internal static class Form
{
    public const string Json = "application/json";
    public const string Text = "text/plain";
    public const string Markdown = "text/markdown";
    public const string Calendar = "text/calendar";

    /// <summary>The first of these that the caller takes, in its order of preference; null where it takes none.</summary>
    public static string? Choose(HttpRequest request, params string[] offered)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0
            ? offered[0]
            : accepted.Where(a => a.Quality is null or > 0).OrderByDescending(a => a.Quality ?? 1)
                .Select(a => offered.FirstOrDefault(o => a.MatchesMediaType(o))).FirstOrDefault(o => o is not null);
    }

    /// <summary>That the caller takes none of these.</summary>
    public static IResult NotAcceptable(string[] offered) =>
        Results.Problem($"There is {string.Join(", ", offered)}.", statusCode: StatusCodes.Status406NotAcceptable);

    /// <summary>Answers with what is written, as JSON or as the one other form.</summary>
    public static Task<IResult> AnswerAsync(HttpRequest request, string[] offered, Func<bool, TextWriter, Task> write) =>
        AnswerInAsync(request, offered, (form, output) => write(string.Equals(form, Json, StringComparison.Ordinal), output));

    /// <summary>Answers with what is written in the form that the caller prefers.</summary>
    public static async Task<IResult> AnswerInAsync(HttpRequest request, string[] offered, Func<string, TextWriter, Task> write)
    {
        if (Choose(request, offered) is not { } form)
        {
            return NotAcceptable(offered);
        }

        await using var writer = new StringWriter();
        await write(form, writer);
        return Results.Text(writer.ToString(), form, Encoding.UTF8);
    }
}
