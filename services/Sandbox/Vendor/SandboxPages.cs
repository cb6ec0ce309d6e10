using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Web;

namespace DoSnapshot.Sandbox;

/// <summary>Which page of a list a request asks for.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">Rows on a page.</param>
internal sealed record SandboxPage(int Number, int Size)
{
    private const int DefaultSize = 20;
    private const int LargestSize = 200;

    public int Skip => (int)Math.Min(int.MaxValue, (Number - 1L) * Size);

    /// <summary>
    /// 20 rows if not said, 200 at most (documented). Asking for more gives 200, and a page or size that is no number or
    /// less than 1 is refused (both chosen: not told).
    /// </summary>
    public static bool TryRead(SandboxRequest request, [NotNullWhen(true)] out SandboxPage? page, out SandboxError error)
    {
        error = SandboxError.BadRequest("page and per_page must be numbers of 1 or more.");
        page = null;
        if (!TryNumber(request.Query["page"], 1, out var number) || !TryNumber(request.Query["per_page"], DefaultSize, out var size))
            return false;
        page = new SandboxPage(number, Math.Min(size, LargestSize));
        return true;
    }

    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all) => [.. all.Skip(Skip).Take(Size)];

    /// <summary>
    /// The <c>links</c> of this page: absolute addresses of those neighbours that make sense (documented), and an empty object when
    /// all is on one page (observed).
    /// </summary>
    public object Links(SandboxRequest request, int total)
    {
        var last = Math.Max(1, (total + Size - 1) / Size);
        if (Number <= 1 && last <= 1)
            return new object();
        var query = HttpUtility.ParseQueryString(request.Uri.Query);
        query["page"] = "";
        query["per_page"] = Size.ToString(CultureInfo.InvariantCulture);
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Number > 1)
        {
            pages["first"] = Address(1);
            pages["prev"] = Address(Math.Min(Number - 1, last));
        }

        if (Number < last)
        {
            pages["next"] = Address(Number + 1);
            pages["last"] = Address(last);
        }

        return new { pages };

        string Address(int number)
        {
            query["page"] = number.ToString(CultureInfo.InvariantCulture);
            return $"{request.Uri.GetLeftPart(UriPartial.Path)}?{query}";
        }
    }

    private static bool TryNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1);
    }
}
