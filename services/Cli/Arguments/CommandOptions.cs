namespace DoSnapshot.Cli.Arguments;

/// <summary>The options there are: do-snapshot.py's in its order, then those that it does not have.</summary>
internal static class CommandOptions
{
    /// <summary>do-snapshot.py's default tag.</summary>
    public const string DefaultTag = "autosnapshot";

    /// <summary>do-snapshot.py's default start of names.</summary>
    public const string DefaultPrefix = "$droplet-autosnapshot-";

    public static readonly OptionSpec Help = new('h', "help", TakesValue: false);
    public static readonly OptionSpec Tag = new('t', "tag", TakesValue: true);
    public static readonly OptionSpec Prefix = new('p', "prefix", TakesValue: true);
    public static readonly OptionSpec Region = new('r', "region", TakesValue: true);
    public static readonly OptionSpec Snapshot = new('s', "snapshot", TakesValue: true);
    public static readonly OptionSpec Keep = new('k', "keep", TakesValue: true);
    public static readonly OptionSpec DryRun = new(null, "dryrun", TakesValue: false);
    public static readonly OptionSpec Token = new(null, "token", TakesValue: true);
    public static readonly OptionSpec Simulate = new(null, "simulate", TakesValue: true);
    public static readonly OptionSpec Syslog = new(null, "syslog", TakesValue: false);
    public static readonly OptionSpec Verbose = new('v', "verbose", TakesValue: false);
    public static readonly OptionSpec Version = new(null, "version", TakesValue: false);

    public static readonly OptionSpec Timing = new(null, "timing", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec At = new(null, "at", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Wait = new(null, "wait", TakesValue: false, Abbreviable: false);
    public static readonly OptionSpec ApiUrl = new(null, "api-url", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Store = new(null, "store", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Data = new(null, "data", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Brake = new(null, "brake", TakesValue: false, Abbreviable: false);
    public static readonly OptionSpec AllowPlainHttp = new(null, "allow-plain-http", TakesValue: false, Abbreviable: false);

    /// <summary>These say how it is simulated, and nothing about a pass.</summary>
    public static readonly OptionSpec From = new(null, "from", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Lag = new(null, "lag", TakesValue: true, Abbreviable: false);
    public static readonly OptionSpec Chart = new(null, "chart", TakesValue: false, Abbreviable: false);
    public static readonly OptionSpec Json = new(null, "json", TakesValue: false, Abbreviable: false);

    public static IReadOnlyList<OptionSpec> All { get; } =
    [
        Help, Tag, Prefix, Region, Snapshot, Keep, DryRun, Token, Simulate, Syslog, Verbose, Version,
        Timing, At, Wait, Brake, Store, Data, ApiUrl, AllowPlainHttp,
        From, Lag, Chart, Json,
    ];
}
