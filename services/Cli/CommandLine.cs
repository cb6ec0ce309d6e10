using System.Runtime.CompilerServices;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Output;
using DoSnapshot.Cli.Pass;
using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli;

/// <summary>
/// The command line. Exit codes: 0 done, 1 something failed at DigitalOcean, 2 wrong usage, 130 interrupted. What one call does not need is
/// not loaded: cron starts this process anew each time.
/// </summary>
internal static class CommandLine
{
    /// <summary>Does what the arguments say.</summary>
    public static Task<int> RunAsync(string[] args) => args is [var word, ..] && Subcommands.Has(word)
        ? SubcommandAsync(args)
        : DropInAsync(args);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> SubcommandAsync(string[] args) => Subcommands.RunAsync(args);

    private static async Task<int> DropInAsync(string[] args)
    {
        try
        {
            var given = ArgumentReader.Read(args);
            if (PassOptionsReader.Has(given, CommandOptions.Help))
            {
                return Print(Usage.Help);
            }

            if (PassOptionsReader.Has(given, CommandOptions.Version))
            {
                return Print($"{Usage.Version()}\n");
            }

            return PassOptionsReader.Has(given, CommandOptions.Simulate) ? Simulate(given) : await PassAsync(given);
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, Console.Error);
        }
    }

    private static int Print(string text) => StandardOutput.Run(output =>
    {
        output.Write(text);
        return ExitCodes.Done;
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> PassAsync(IReadOnlyList<GivenOption> given)
    {
        Func<string, string?> environment = Environment.GetEnvironmentVariable;
        return PassRun.RunAsync(PassOptionsReader.Read(given, environment), environment);
    }

    /// <summary>In the place of a pass; it asks nobody for anything. What is about a pass alone, a token for instance, is not looked at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Simulate(IReadOnlyList<GivenOption> given)
    {
        var defaults = new SimulateOptions { Every = null, Simulate = null };
        return StandardOutput.Run(output => SimulateCommand.Run(
            defaults with
            {
                Every = PassOptionsReader.Last(given, CommandOptions.Snapshot),
                Simulate = PassOptionsReader.Last(given, CommandOptions.Simulate),
                Keep = PassOptionsReader.All(given, CommandOptions.Keep),
                Tag = PassOptionsReader.Last(given, CommandOptions.Tag)?.Trim() ?? defaults.Tag,
                Prefix = PassOptionsReader.Last(given, CommandOptions.Prefix) ?? defaults.Prefix,
                Timing = PassOptionsReader.Last(given, CommandOptions.Timing),
                At = PassOptionsReader.Last(given, CommandOptions.At),
                From = PassOptionsReader.Last(given, CommandOptions.From),
                Lag = PassOptionsReader.Last(given, CommandOptions.Lag),
                Chart = PassOptionsReader.Has(given, CommandOptions.Chart),
                Json = PassOptionsReader.Has(given, CommandOptions.Json),
                Verbose = PassOptionsReader.Has(given, CommandOptions.Verbose),
                ChartWidth = () => Console.IsOutputRedirected ? defaults.ChartWidth() : Console.WindowWidth,
            },
            output,
            Console.Error,
            TimeProvider.System));
    }
}
