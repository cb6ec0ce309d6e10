namespace DoSnapshot.Cli.Doctor;

/// <summary>What <c>doctor</c> is told. What is null is taken from the environment.</summary>
internal sealed record DoctorOptions
{
    /// <summary>The API token, or the path of a file with it.</summary>
    public string? Token { get; init; }

    /// <summary>Where the API is.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>Whether that may be plain http to another machine.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>The log's PostgreSQL.</summary>
    public string? Store { get; init; }

    /// <summary>The log's directory.</summary>
    public string? Data { get; init; }

    /// <summary>RabbitMQ's address.</summary>
    public string? Bus { get; init; }

    /// <summary>A file with plans.</summary>
    public string? Plans { get; init; }

    /// <summary>Of the one plan that a pass has: the tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Of the one plan that a pass has: the start of names.</summary>
    public string? Prefix { get; init; }

    /// <summary>Of the one plan that a pass has: the time between snapshots.</summary>
    public string? Every { get; init; }

    /// <summary>Of the one plan that a pass has: the retention rules.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Of the one plan that a pass has: the regions.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Whether calls that can have no effect are sent to learn whether the token may change something.</summary>
    public bool ProbeWrites { get; init; }

    /// <summary>Whether the result is for programs.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a plan is stated by the options of a pass.</summary>
    public bool StatesPlan => Tag is not null || Prefix is not null || Every is not null || Keep.Count > 0 || Regions.Count > 0;
}
