namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What requests of the same kind have in common.</summary>
internal static class Routes
{
    /// <summary>The path with <c>{id}</c> for each id and without a query: there are a dozen of them.</summary>
    internal static string Of(string path) => string.Join(
        '/', WithoutQuery(path).Split('/').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? "{id}" : part));

    internal static string WithoutQuery(string path) => path.Split('?')[0];
}
