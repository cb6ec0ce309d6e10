using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether a service would start with the settings in the environment: a name that is none, or a value that cannot be read, ends it.</summary>
internal sealed class SettingsCheck : ICheck
{
    /// <summary>The sections that the services read.</summary>
    public static readonly string[] Sections =
    [
        PlatformOptions.Section, DigitalOceanSettings.Section, PlannerOptions.Section, "Lifecycle", PlansSettings.Section, PlanSettings.Section,
    ];

    /// <inheritdoc/>
    public string Name => "settings";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) => Task.FromResult(Run(installation.Settings));

    private static IReadOnlyList<CheckResult> Run(DoctorSettings settings)
    {
        if (!settings.HasServices)
        {
            return [CheckResult.NotChecked("none of the services' variables is set (Platform__…, DigitalOcean__…, Plan__…)")];
        }

        // The plans have a check of their own.
        var configuration = settings.Configuration;
        Func<object>[] readings =
        [
            () => Platform(configuration),
            () => SettingsReader.Read<DigitalOceanSettings.Settings>(
                configuration, DigitalOceanSettings.Section, nameof(DigitalOceanSettings.Settings.Token)),
            () => Checked(SettingsReader.Read<PlannerOptions>(configuration, PlannerOptions.Section), planner => planner.Problems()),
            () => TimingSettings.Read(configuration, new DigitalOceanOptions()),
        ];
        var problems = readings.SelectMany(Problems).ToList();
        return problems.Count == 0
            ? [CheckResult.Fine($"of the services: {string.Join(", ", Given(configuration))}")]
            : [.. problems.Select(p => CheckResult.Wrong(p.TrimEnd('.'), "Mend it: a service ends with exit code 2 as long as it is so"))];
    }

    /// <summary>Where there is none of these settings, the environment is not a service's, and does not lack those that a service must have.</summary>
    private static PlatformOptions Platform(IConfiguration configuration) => configuration.GetSection(PlatformOptions.Section).GetChildren().Any()
        ? PlatformSettings.Read(configuration, keepsBusInProcess: false)
        : new PlatformOptions();

    private static T Checked<T>(T options, Func<T, IEnumerable<string>> problems) =>
        problems(options).ToList() is { Count: > 0 } found ? throw new OptionsValidationException("", typeof(T), found) : options;

    private static IEnumerable<string> Problems(Func<object> read)
    {
        try
        {
            read();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return e.Failures;
        }
    }

    /// <summary>Names alone: there are secrets among the values.</summary>
    private static IEnumerable<string> Given(IConfiguration configuration) =>
        Sections.SelectMany(s => configuration.GetSection(s).GetChildren().Select(c => $"{s}__{c.Key}"));
}
