using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Arguments;

/// <summary>What one pass over the account is to do.</summary>
internal sealed record PassOptions
{
    /// <summary>The plan that the options state.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The same as the log keeps it.</summary>
    public required PlanTerms Terms { get; init; }

    /// <summary>The API token, or the path of a file with it; null when the option was not given.</summary>
    public string? Token { get; init; }

    /// <summary>Whether nothing at all is changed.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether it is told why each snapshot stays. A dry run tells it too, as do-snapshot.py does.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether it is logged to syslog instead of stderr.</summary>
    public bool Syslog { get; init; }

    /// <summary>Whether to stay until what was started is complete.</summary>
    public bool Wait { get; init; }

    /// <summary>Where the log is kept; null for a pass that keeps nothing.</summary>
    public LogPlace? Log { get; init; }

    /// <summary>Where the API is; null for DigitalOcean.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>Whether that may be plain http to another machine.</summary>
    public bool AllowPlainHttp { get; init; }
}
