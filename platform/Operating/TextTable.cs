using System.Text;

namespace DoSnapshot.Operating;

/// <summary>A table in plain text: a line of heads, one of dashes, then a line for each row.</summary>
/// <typeparam name="T">What a row is made of.</typeparam>
internal sealed class TextTable<T>
{
    private readonly List<(string Head, bool Right, Func<T, string> Cell)> columns = [];

    /// <summary>Adds a column of text.</summary>
    public TextTable<T> Left(string head, Func<T, string> cell) => Add(head, right: false, cell);

    /// <summary>Adds a column of numbers.</summary>
    public TextTable<T> Right(string head, Func<T, string> cell) => Add(head, right: true, cell);

    /// <summary>Writes the table, at once: a console writes whatever it is given without waiting for more. The last column is as wide as each of its cells.</summary>
    public void Write(IReadOnlyList<T> rows, TextWriter output)
    {
        string[][] cells = [.. columns.Select(column => rows.Select(row => ShownText.Of(column.Cell(row))).ToArray())];
        int[] widths = [.. columns.Select((column, index) => cells[index].Append(column.Head).Max(cell => cell.Length))];
        var table = new StringBuilder();
        AppendLine(index => columns[index].Head, widths, table, output.NewLine);
        AppendLine(index => new string('-', index == columns.Count - 1 ? columns[index].Head.Length : widths[index]), widths, table, output.NewLine);
        for (var row = 0; row < rows.Count; row++)
        {
            AppendLine(index => cells[index][row], widths, table, output.NewLine);
        }

        output.Write(table.ToString());
    }

    private TextTable<T> Add(string head, bool right, Func<T, string> cell)
    {
        columns.Add((head, right, cell));
        return this;
    }

    private void AppendLine(Func<int, string> cell, int[] widths, StringBuilder table, string newLine)
    {
        for (var index = 0; index < columns.Count; index++)
        {
            var isLast = index == columns.Count - 1;
            var text = cell(index);
            table.Append(columns[index].Right ? text.PadLeft(widths[index]) : isLast ? text : text.PadRight(widths[index]));
            table.Append(isLast ? newLine : "  ");
        }
    }
}
