using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace DoSnapshot.Dashboard.Theming;

/// <summary>
/// The component library's theme as a style sheet. Its own provider would write it into the page, which the content policy forbids; here the provider writes it
/// once, light and dark, and the page says by an attribute which of them it wants. So the right colours are there before anything runs.
/// </summary>
internal sealed class ThemeSheet
{
    public const string Path = "/theme.css";

    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    private readonly IServiceScopeFactory scopes;
    private readonly ILoggerFactory loggers;
    private readonly Lazy<Task<string>> sheet;

    public ThemeSheet(IServiceScopeFactory scopes, ILoggerFactory loggers)
    {
        (this.scopes, this.loggers) = (scopes, loggers);
        sheet = new Lazy<Task<string>>(WriteAsync);
    }

    /// <summary>The style sheet.</summary>
    public Task<string> TextAsync() => sheet.Value;

    public static async Task<IResult> AnswerAsync(ThemeSheet theme, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Text(await theme.TextAsync(), "text/css", Encoding.UTF8);
    }

    private async Task<string> WriteAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return $$"""
            {{await RulesAsync(renderer, ":root", dark: false)}}
            {{await RulesAsync(renderer, ":root[data-theme=dark]", dark: true)}}
            @media (prefers-color-scheme: dark) {
            {{await RulesAsync(renderer, ":root[data-theme=system]", dark: true)}}
            }
            """;
    }

    private static Task<string> RulesAsync(HtmlRenderer renderer, string scope, bool dark) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var rendered = await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(MudThemeProvider.Theme)] = Theme(scope),
            [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true,
        }));
        return StyleElements.Contents(rendered.ToHtmlString());
    });

    private static MudTheme Theme(string scope)
    {
        var theme = new MudTheme { PseudoCss = new PseudoCss { Scope = scope } };
        theme.Typography.Default.FontFamily = Fonts;
        theme.LayoutProperties.DefaultBorderRadius = "6px";
        theme.PaletteLight.Primary = "#1f5fbf";
        theme.PaletteLight.AppbarBackground = "#14305c";
        theme.PaletteLight.Error = "#b3261e";
        // What is said besides can be read as well: 4.5 : 1 at least, on a chosen row, too.
        theme.PaletteLight.TextSecondary = "#5a6070";
        theme.PaletteDark.Primary = "#7fb0ff";
        theme.PaletteDark.PrimaryContrastText = "#0b1a33";
        theme.PaletteDark.Error = "#ff9a92";
        theme.PaletteDark.ErrorContrastText = "#3b0906";
        theme.PaletteDark.TextPrimary = "#e4e6ee";
        theme.PaletteDark.TextSecondary = "#b4b9c6";
        theme.PaletteDark.AppbarBackground = "#10192b";
        return theme;
    }
}
