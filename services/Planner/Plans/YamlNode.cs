namespace DoSnapshot.Planner.Plans;

/// <summary>A piece of a YAML document, with its place.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal abstract record YamlNode(long Line, long Column)
{
    /// <summary>What it is, for messages: what it says, or that it is a list or a map.</summary>
    public abstract string Said { get; }
}

/// <summary>A single value.</summary>
/// <param name="Value">What it says, without quotation marks.</param>
/// <param name="Quoted">Whether it stands in quotation marks, or is a block of text: it is a text then, whatever it looks like.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record YamlText(string Value, bool Quoted, long Line, long Column) : YamlNode(Line, Column)
{
    /// <summary>Whether it says nothing: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => !Quoted && Value is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string Said => $"'{Value}'";
}

/// <summary>A list.</summary>
/// <param name="Items">Its entries.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, long Line, long Column) : YamlNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Said => "a list";
}

/// <summary>A map. A key may stand in it twice, which YAML forbids and whoever reads it must find.</summary>
/// <param name="Entries">Its entries in the order of the file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record YamlMap(IReadOnlyList<(YamlText Key, YamlNode Value)> Entries, long Line, long Column) : YamlNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Said => "a map";
}
