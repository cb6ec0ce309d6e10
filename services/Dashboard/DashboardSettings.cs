using System.Globalization;
using System.Net;
using DoSnapshot.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Dashboard;

/// <summary>The settings, checked.</summary>
/// <param name="ApiUrl">The API's address; ends with a slash.</param>
/// <param name="Urls">Where this process listens.</param>
/// <param name="IsThisMachineOnly">Whether nobody elsewhere reaches it: only then may an API without tokens be shown without one.</param>
/// <param name="KeysDirectory">Keeps the keys of the cookies; null for none.</param>
/// <param name="Price">Dollars for a gigabyte and month.</param>
internal sealed record DashboardSettings(Uri ApiUrl, string Urls, bool IsThisMachineOnly, string? KeysDirectory, decimal Price)
{
    /// <summary>Where it listens unless it is said.</summary>
    public const string Address = "http://localhost:8090";

    private const decimal UsualPrice = 0.06m;

    /// <summary>The API's address for people.</summary>
    public string ShownApi => ApiUrl.AbsoluteUri.TrimEnd('/');

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="OptionsValidationException">Something cannot be used; there is a message for each.</exception>
    public static DashboardSettings Read(IConfiguration configuration)
    {
        var options = SettingsReader.Read<DashboardOptions>(configuration, DashboardOptions.Section, nameof(DashboardOptions.ApiUrl));
        var problems = new List<string>();
        if (options.ApiUrl is not { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" })
        {
            // Not quoted: there is a password in it, perhaps.
            problems.Add($"{DashboardOptions.Section}:{nameof(DashboardOptions.ApiUrl)}: the API's http:// or https:// address alone is wanted, such as http://localhost:8080.");
        }
        else if (options is { AllowPlainHttp: false, ApiUrl: { Scheme: "http", IsLoopback: false } })
        {
            problems.Add(
                $"{DashboardOptions.Section}:{nameof(DashboardOptions.ApiUrl)} '{options.ApiUrl}': over plain http to another machine a token could be read on the way: an https:// address is wanted, or {DashboardOptions.Section}:{nameof(DashboardOptions.AllowPlainHttp)}=true where the network is your own.");
        }

        var price = UsualPrice;
        if (options.Price is { Length: > 0 } text && !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out price))
        {
            problems.Add($"{DashboardOptions.Section}:{nameof(DashboardOptions.Price)} '{text}': a number of dollars such as 0.06 is wanted.");
        }

        if (options.KeysDirectory is { Length: > 0 } directory && !Directory.Exists(directory))
        {
            // Else nobody could sign in, and nothing would say why.
            problems.Add($"{DashboardOptions.Section}:{nameof(DashboardOptions.KeysDirectory)} '{directory}' is no directory.");
        }

        var urls = configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : Address;
        return problems.Count == 0
            ? new DashboardSettings(
                new Uri($"{options.ApiUrl.AbsoluteUri.TrimEnd('/')}/"),
                urls,
                urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsLoopback),
                options.KeysDirectory is { Length: > 0 } keys ? keys : null,
                price)
            : throw new OptionsValidationException(DashboardOptions.Section, typeof(DashboardOptions), problems);
    }

    /// <summary>As Kestrel reads it: any name but this one is every address of the machine.</summary>
    private static bool IsLoopback(string url)
    {
        try
        {
            var host = BindingAddress.Parse(url).Host.Trim('[', ']');
            return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
