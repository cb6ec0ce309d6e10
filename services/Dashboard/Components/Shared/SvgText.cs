using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace DoSnapshot.Dashboard.Components.Shared;

/// <summary>A text within a drawing: an element of this name means something else in a template.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Its class.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>Where it stands.</summary>
    [Parameter, EditorRequired]
    public double X { get; set; }

    /// <summary>Where its line is.</summary>
    [Parameter, EditorRequired]
    public double Y { get; set; }

    /// <summary>What stands at that place: <c>start</c>, <c>middle</c> or <c>end</c> of it.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>The text.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", X.ToString("0.#", CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "y", Y.ToString("0.#", CultureInfo.InvariantCulture));
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddContent(5, Text);
        builder.CloseElement();
    }
}
