namespace DoSnapshot.Cli.Serve;

/// <summary>How the services are to run, as it was given: short forms of some settings, and settings.</summary>
internal sealed record ServeOptions
{
    /// <summary>PostgreSQL's connection string; null when the option was not given.</summary>
    public string? Store { get; init; }

    /// <summary>The directory of a PostgreSQL of its own; null when the option was not given.</summary>
    public string? Data { get; init; }

    /// <summary>The YAML file with the plans; null when the option was not given.</summary>
    public string? Plans { get; init; }

    /// <summary>The API token, or the path of a file with it; null when the option was not given.</summary>
    public string? Token { get; init; }

    /// <summary>Where the API is; null when the option was not given.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>Whether that may be plain http to another machine.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Where health is served; null when the option was not given.</summary>
    public string? Urls { get; init; }

    /// <summary>Where the dashboard is served; null when the option was not given.</summary>
    public string? DashboardUrls { get; init; }

    /// <summary>Where the HTTP API is served; null when the option was not given.</summary>
    public string? ApiUrls { get; init; }

    /// <summary>Whether there is to be neither of them.</summary>
    public bool NoWeb { get; init; }

    /// <summary>What else was given: <c>--Section:Name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
