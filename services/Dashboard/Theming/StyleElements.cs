using System.Text;

namespace DoSnapshot.Dashboard.Theming;

/// <summary>Takes the rules out of a page's style elements.</summary>
internal static class StyleElements
{
    private const string Opens = "<style";
    private const string Closes = "</style>";

    /// <summary>What stands in them, one after the other.</summary>
    public static string Contents(string html)
    {
        var rules = new StringBuilder();
        for (var at = html.IndexOf(Opens, StringComparison.OrdinalIgnoreCase); at >= 0; at = html.IndexOf(Opens, at, StringComparison.OrdinalIgnoreCase))
        {
            var begin = html.IndexOf('>', at) + 1;
            var end = html.IndexOf(Closes, begin, StringComparison.OrdinalIgnoreCase);
            if (begin == 0 || end < 0)
            {
                break;
            }

            rules.Append(html.AsSpan(begin, end - begin)).AppendLine();
            at = end + Closes.Length;
        }

        return rules.ToString();
    }
}
