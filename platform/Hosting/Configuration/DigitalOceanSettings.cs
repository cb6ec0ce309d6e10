using DoSnapshot.DigitalOcean;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>Reads where the API is and with which token to speak to it.</summary>
internal static class DigitalOceanSettings
{
    private const string Section = "DigitalOcean";

    /// <summary>
    /// Section <c>DigitalOcean</c>; the token also from the file that <c>DigitalOcean:TokenFile</c> names, or from <c>DO_TOKEN</c>.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is missing or cannot be used; the message names it and never shows the token.</exception>
    public static DigitalOceanOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = section.Get<DigitalOceanOptions>() ?? new DigitalOceanOptions();
        if (string.IsNullOrEmpty(options.Token))
        {
            options.Token = section["TokenFile"] is { Length: > 0 } path ? ReadFile(path) : configuration["DO_TOKEN"]?.Trim() ?? "";
        }

        var problems = options.Problems();
        return problems.Count == 0
            ? options
            : throw new OptionsValidationException(Section, typeof(DigitalOceanOptions), problems.Select(p => $"{Section}: {p}"));
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                Section, typeof(DigitalOceanOptions), [$"{Section}:TokenFile '{path}' cannot be read: {e.Message}"]);
        }
    }
}
