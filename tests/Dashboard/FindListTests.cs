using Bunit;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.Dashboard.Showing;
using Microsoft.AspNetCore.Components;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>A list that is searched, sorted and paged.</summary>
public sealed class FindListTests
{
    private static readonly IReadOnlyList<ListOrder<string>> Orders = [new("as it comes"), new("name", s => s), new("length", s => s.Length)];

    [Fact]
    public async Task It_is_shown_as_it_comes_and_by_what_is_chosen_either_way()
    {
        await using var ui = new Ui();
        var list = Render(ui, ["pear", "fig", "banana"]);
        Assert.Equal(["pear", "fig", "banana"], Shown(list));
        list.FindAll(".orders button")[1].Click();
        Assert.Equal(["banana", "fig", "pear"], Shown(list));
        Assert.Equal(["false", "true", "false"], list.FindAll(".orders button").Select(b => b.GetAttribute("aria-pressed")));
        list.FindAll(".orders button")[1].Click();
        Assert.Equal(["pear", "fig", "banana"], Shown(list));
        list.FindAll(".orders button")[2].Click();
        Assert.Equal(["fig", "pear", "banana"], Shown(list));
    }

    [Fact]
    public async Task All_words_have_to_be_found_and_nothing_found_is_said()
    {
        await using var ui = new Ui();
        var list = Render(ui, ["red apple", "green apple", "red pear"]);
        list.Find("input").Input("APPLE red");
        list.WaitForAssertion(() => Assert.Equal(["red apple"], Shown(list)));
        list.Find("input").Input("plum");
        list.WaitForAssertion(() => Assert.Contains("nothing here", list.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_hundred_thousand_a_page_is_shown()
    {
        await using var ui = new Ui();
        string[] items = [.. Enumerable.Range(0, 200_000).Select(n => $"item-{n}")];
        var list = Render(ui, items);
        Assert.Equal(20, Shown(list).Count());
        Assert.Contains("1–20 of 200000", list.Markup, StringComparison.Ordinal);
        list.FindAll("nav button")[1].Click();
        Assert.Equal("item-20", Shown(list).First());
        list.Find("input").Input("item-199999");
        list.WaitForAssertion(() => Assert.Equal(["item-199999"], Shown(list)), TimeSpan.FromSeconds(10));
    }

    private static IRenderedComponent<FindList<string>> Render(Ui ui, IReadOnlyList<string> items) => ui.Render<FindList<string>>(p => p
        .Add(l => l.Items, items).Add(l => l.Words, s => s).Add(l => l.Orders, Orders).Add(l => l.SearchName, "Search").Add(l => l.Class, "found")
        .Add(l => l.Row, item => $"<li>{item}</li>").Add(l => l.Empty, (RenderFragment)(b => b.AddContent(0, "nothing here"))));

    private static IEnumerable<string> Shown(IRenderedComponent<FindList<string>> list) => list.FindAll("ol.found li").Select(l => l.TextContent);
}
