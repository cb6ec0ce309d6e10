using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Arguments;

/// <summary>From the options as they were given to what is to be done.</summary>
internal static class PassOptionsReader
{
    /// <summary>Says in the environment where the API is.</summary>
    public const string ApiUrlVariable = "DIGITALOCEAN_API_URL";

    /// <summary>The name that the plan has in a log: the services' own, so that both speak of the same.</summary>
    public const string PlanName = "default";

    private const string DefaultAt = "03:00";

    /// <summary>Reads and checks every option.</summary>
    /// <param name="given">The options.</param>
    /// <param name="environment">A variable's value; null when it is not set.</param>
    /// <exception cref="UsageException">An option is missing or its value cannot be used.</exception>
    public static PassOptions Read(IReadOnlyList<GivenOption> given, Func<string, string?> environment)
    {
        foreach (var option in new[] { CommandOptions.From, CommandOptions.Lag, CommandOptions.Chart, CommandOptions.Json })
        {
            if (Has(given, option))
            {
                throw new UsageException($"{option.Display} needs {CommandOptions.Simulate.Display}");
            }
        }

        var every = Last(given, CommandOptions.Snapshot)
            ?? throw new UsageException(
                $"{CommandOptions.Snapshot.Display} is required: the age of the last snapshot at which the next is due, such as -s 1d");
        var timing = ReadTiming(given);
        var terms = new PlanTerms(
            Last(given, CommandOptions.Tag) ?? CommandOptions.DefaultTag,
            Last(given, CommandOptions.Prefix) ?? CommandOptions.DefaultPrefix,
            every,
            Last(given, CommandOptions.At) ?? DefaultAt,
            Spread: "0h",
            All(given, CommandOptions.Keep),
            All(given, CommandOptions.Region),
            KeepAtLeast: 1,
            timing,
            Brake: Has(given, CommandOptions.Brake) ? BrakeSetting.On : BrakeSetting.Off);
        return new PassOptions
        {
            Plan = ReadPlan(terms),
            Terms = terms,
            Token = Last(given, CommandOptions.Token),
            DryRun = Has(given, CommandOptions.DryRun),
            Verbose = Has(given, CommandOptions.Verbose),
            Syslog = Has(given, CommandOptions.Syslog),
            Wait = Has(given, CommandOptions.Wait),
            Log = LogPlace.Read(Last(given, CommandOptions.Store), Last(given, CommandOptions.Data), environment),
            ApiUrl = ReadApiUrl(Last(given, CommandOptions.ApiUrl), environment),
            AllowPlainHttp = Has(given, CommandOptions.AllowPlainHttp),
        };
    }

    /// <summary>Whether the option was given.</summary>
    public static bool Has(IReadOnlyList<GivenOption> given, OptionSpec option) => given.Any(g => g.Option == option);

    /// <summary>The value that was given last, which counts; null when there is none.</summary>
    public static string? Last(IReadOnlyList<GivenOption> given, OptionSpec option) => given.LastOrDefault(g => g.Option == option)?.Value;

    /// <summary>Every value that was given.</summary>
    public static string[] All(IReadOnlyList<GivenOption> given, OptionSpec option) =>
        [.. given.Where(g => g.Option == option).Select(g => g.Value!)];

    private static PlanTiming ReadTiming(IReadOnlyList<GivenOption> given)
    {
        var text = Last(given, CommandOptions.Timing);
        var timing = text?.Trim() switch
        {
            null or "elapsed" => PlanTiming.Elapsed,
            "anchored" => PlanTiming.Anchored,
            _ => throw UsageException.For(CommandOptions.Timing, text, "elapsed or anchored is wanted"),
        };
        return timing is PlanTiming.Elapsed && Last(given, CommandOptions.At) is { } at
            ? throw UsageException.For(CommandOptions.At, at, "it needs --timing anchored, which has a time of day")
            : timing;
    }

    /// <summary>The plan of these terms.</summary>
    /// <exception cref="UsageException">A term cannot be used; the message names its option.</exception>
    public static Plan ReadPlan(PlanTerms terms)
    {
        try
        {
            return Plan.From(PlanName, 1, terms);
        }
        catch (PlanException e)
        {
            throw UsageException.For(OptionOf(e.Term), e.Value, e.Wanted);
        }
    }

    private static OptionSpec OptionOf(string term) => term switch
    {
        "tag" => CommandOptions.Tag,
        "prefix" => CommandOptions.Prefix,
        "every" => CommandOptions.Snapshot,
        "at" => CommandOptions.At,
        "keep" => CommandOptions.Keep,
        "regions" => CommandOptions.Region,
        _ => throw new InvalidOperationException($"No option states '{term}'."),
    };

    /// <summary>Where the API is, by the option or else by the environment; null for DigitalOcean.</summary>
    /// <exception cref="UsageException">That is no address.</exception>
    public static Uri? ReadApiUrl(string? option, Func<string, string?> environment)
    {
        // A variable that is empty is as good as unset. An option that is empty was meant to be something, and DigitalOcean itself is not what.
        var text = option ?? environment(ApiUrlVariable);
        return option is null && string.IsNullOrWhiteSpace(text)
            ? null
            : Uri.TryCreate(text!.Trim(), UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
                ? url
                : throw new UsageException(
                    $"{(option is null ? ApiUrlVariable : CommandOptions.ApiUrl.Display)} '{text}': "
                    + "an address such as https://api.digitalocean.com is wanted");
    }
}
