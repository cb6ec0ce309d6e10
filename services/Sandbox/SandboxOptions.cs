using Microsoft.Extensions.Options;

namespace DoSnapshot.Sandbox;

/// <summary>
/// The configuration section <c>Sandbox</c>. Its durations are short, for practice; an hour's worth of waiting shrinks to seconds while
/// dates stay real.
/// </summary>
public sealed class SandboxOptions
{
    /// <summary>Name of the section; in the environment <c>Sandbox__SnapshotSeconds</c> and so on.</summary>
    public const string Section = "Sandbox";

    /// <summary>The one token that is accepted; any that is not empty if this is.</summary>
    public string? Token { get; set; }

    /// <summary>What the account holds at the start: <c>demo</c>, <c>empty</c>, <c>large</c>, or the path of a file that says it.</summary>
    public string Seed { get; set; } = "demo";

    /// <summary>The file in which the account is kept over a restart; nothing is kept without it. The seed is for a file that does not exist yet.</summary>
    public string? DataFile { get; set; }

    /// <summary>How long a snapshot takes, whatever its size.</summary>
    public double SnapshotSeconds { get; set; } = 20;

    /// <summary>How much longer for each GB in use.</summary>
    public double SnapshotSecondsPerGigabyte { get; set; }

    /// <summary>How long a transfer takes, whatever the size.</summary>
    public double TransferSeconds { get; set; } = 30;

    /// <summary>How much longer for each GB of the image.</summary>
    public double TransferSecondsPerGigabyte { get; set; }

    /// <summary>How long a shutdown, power-off or power-on takes.</summary>
    public double PowerSeconds { get; set; } = 5;

    /// <summary>How long after that the droplet still shows its old status.</summary>
    public double PowerLagSeconds { get; set; } = 2;

    /// <summary>How long a finished snapshot is missing from the lists.</summary>
    public double ListingLagSeconds { get; set; } = 5;

    /// <summary>By how much durations differ, from 0 to 0.9: 0.3 gives 70 to 130 %.</summary>
    public double Variation { get; set; } = 0.3;

    /// <summary>Requests a token may make in any hour; 0 means no limit.</summary>
    public int HourlyLimit { get; set; } = 5_000;

    /// <summary>Requests a token may make in any minute; 0 means no limit.</summary>
    public int BurstLimit { get; set; } = 250;

    /// <summary>The account's identity; another one plays a token of another account.</summary>
    public string AccountUuid { get; set; } = new SandboxOwner().Uuid;

    /// <summary>What goes wrong from the start on; nothing if not said.</summary>
    public SandboxFaultOptions Faults { get; } = new();

    /// <summary>These options as settings of an account.</summary>
    public SandboxSettings ToSettings() => new()
    {
        Token = string.IsNullOrEmpty(Token) ? null : Token,
        SnapshotDuration = new SandboxDuration(TimeSpan.FromSeconds(SnapshotSeconds), TimeSpan.FromSeconds(SnapshotSecondsPerGigabyte)),
        TransferDuration = new SandboxDuration(TimeSpan.FromSeconds(TransferSeconds), TimeSpan.FromSeconds(TransferSecondsPerGigabyte)),
        PowerDuration = TimeSpan.FromSeconds(PowerSeconds),
        PowerLag = TimeSpan.FromSeconds(PowerLagSeconds),
        ListingLag = TimeSpan.FromSeconds(ListingLagSeconds),
        Variation = Variation,
        HourlyLimit = HourlyLimit == 0 ? null : HourlyLimit,
        BurstLimit = BurstLimit == 0 ? null : BurstLimit,
        Owner = new SandboxOwner(AccountUuid),
    };

    /// <summary>What the account holds at the start.</summary>
    /// <exception cref="SandboxFileException">The file that says it cannot be read.</exception>
    public SandboxSeed ToSeed(DateTimeOffset now)
    {
        if (SeedFile is { } path)
            return SandboxFile.Read<SandboxSeed>(path);
        return IsSeed("demo") ? SandboxSeeds.Demo(now) : IsSeed("large") ? SandboxSeeds.Large : SandboxSeeds.Empty;
    }

    /// <summary>The file that says what the account holds at the start; none if the seed is a ready-made one.</summary>
    internal string? SeedFile => IsSeed("demo") || IsSeed("empty") || IsSeed("large") ? null : Seed;

    private bool IsSeed(string name) => string.Equals(Seed, name, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<string> Mistakes()
    {
        const double aDay = 86_400;
        var durations = new (string Name, double Value)[]
        {
            (nameof(SnapshotSeconds), SnapshotSeconds), (nameof(SnapshotSecondsPerGigabyte), SnapshotSecondsPerGigabyte),
            (nameof(TransferSeconds), TransferSeconds), (nameof(TransferSecondsPerGigabyte), TransferSecondsPerGigabyte),
            (nameof(PowerSeconds), PowerSeconds), (nameof(PowerLagSeconds), PowerLagSeconds), (nameof(ListingLagSeconds), ListingLagSeconds),
        };
        foreach (var (name, value) in durations.Where(duration => duration.Value is not (>= 0 and <= aDay)))
            yield return $"{Section}:{name} is {value}; it must be from 0 to {aDay} seconds.";
        foreach (var (name, value) in new[] { (nameof(HourlyLimit), HourlyLimit), (nameof(BurstLimit), BurstLimit) }.Where(limit => limit.Item2 < 0))
            yield return $"{Section}:{name} is {value}; it must be a number of requests, or 0 for no limit.";
        if (Variation is not (>= 0 and <= 0.9))
            yield return $"{Section}:{nameof(Variation)} is {Variation}; it must be from 0 to 0.9.";
        if (SeedFile is { } path && !path.Contains('.', StringComparison.Ordinal) && !path.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            yield return $"{Section}:{nameof(Seed)} is '{Seed}'; it must be 'demo', 'empty', 'large', or a file such as 'seed.json'.";
        if (string.IsNullOrWhiteSpace(AccountUuid))
            yield return $"{Section}:{nameof(AccountUuid)} is empty; an account has an identity.";
        foreach (var mistake in Faults.Mistakes($"{Section}:{nameof(Faults)}"))
            yield return mistake;
    }

    internal sealed class Validator : IValidateOptions<SandboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, SandboxOptions options) =>
            options.Mistakes().ToList() is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
