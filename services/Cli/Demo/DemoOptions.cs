namespace DoSnapshot.Cli.Demo;

/// <summary>How the demo is run.</summary>
/// <param name="Days">Simulated days.</param>
/// <param name="Stay">Whether it goes on afterwards.</param>
/// <param name="Verbose">Whether the services' log output is shown.</param>
internal sealed record DemoOptions(int Days, bool Stay, bool Verbose);
