using System.Net;
using System.Text;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.ByApi;

/// <summary>A question as the API takes it.</summary>
/// <param name="Path">The path under <c>/v1/</c>.</param>
/// <param name="Query">What is asked besides; a null value is left out, and a name may come several times.</param>
/// <param name="Form">The form of the answer for people.</param>
/// <param name="IsJudged">Whether the answer says besides whether everything holds, which is the exit code.</param>
/// <param name="IsLong">Whether the answer may take minutes.</param>
internal sealed record ApiQuestion(
    string Path, IReadOnlyList<(string Name, string? Value)> Query, string Form = ApiQuestion.Text, bool IsJudged = false, bool IsLong = false)
{
    /// <summary>Text for people.</summary>
    public const string Text = "text/plain";

    private const string Json = "application/json";

    /// <summary>A name as a segment of a path.</summary>
    /// <exception cref="UsageException">It cannot be one, and the log knows nothing that is called so.</exception>
    public static string Segment(string name) => name is "" or "." or ".."
        ? throw new UsageException($"'{name}': the log knows no plan, droplet or snapshot of this name or id")
        : Uri.EscapeDataString(name);

    /// <summary>Asks the API, and writes its answer as it is.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ApiException">There is no answer.</exception>
    public async Task<int> AskAsync(ApiPlace place, ApiCaller caller, bool json, TextWriter output, CancellationToken ct)
    {
        var form = json ? Json : Form;
        var answer = await caller.GetAsync(Address(), form, IsLong, ct);
        if (!answer.IsIn(HttpStatusCode.OK, form) || (IsJudged && answer.Holds is null))
        {
            throw ApiTrouble.Of(place, answer);
        }

        await output.WriteAsync(answer.Body);
        return !IsJudged || answer.Holds is true ? ExitCodes.Done : ExitCodes.Failed;
    }

    private string Address()
    {
        var address = new StringBuilder("v1/").Append(Path);
        var sign = '?';
        foreach (var (name, value) in Query)
        {
            if (value is not null)
            {
                address.Append(sign).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                sign = '&';
            }
        }

        return address.ToString();
    }
}
