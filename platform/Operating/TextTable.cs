
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

    /// <summary>Writes the table. The last column is as wide as each of its cells.</summary>
    public void Write(IReadOnlyList<T> rows, TextWriter output)
    {
        string[][] cells = [.. columns.Select(column => rows.Select(row => ShownText.Of(column.Cell(row))).ToArray())];
        int[] widths = [.. columns.Select((column, index) => cells[index].Append(column.Head).Max(cell => cell.Length))];
        WriteLine(index => columns[index].Head, widths, output);
        WriteLine(index => new string('-', index == columns.Count - 1 ? columns[index].Head.Length : widths[index]), widths, output);
        for (var row = 0; row < rows.Count; row++)
        {
            WriteLine(index => cells[index][row], widths, output);
        }
    }

    private TextTable<T> Add(string head, bool right, Func<T, string> cell)
    {
        columns.Add((head, right, cell));
        return this;
    }

    private void WriteLine(Func<int, string> cell, int[] widths, TextWriter output)
    {
        for (var index = 0; index < columns.Count; index++)
        {
            var isLast = index == columns.Count - 1;
            var text = cell(index);
            output.Write(columns[index].Right ? text.PadLeft(widths[index]) : isLast ? text : text.PadRight(widths[index]));
            output.Write(isLast ? output.NewLine : "  ");
        }
    }
}
