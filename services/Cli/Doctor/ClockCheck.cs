using System.Globalization;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Lifecycle;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether this machine's clock is right: by one that differs too much nothing is decided or deleted.</summary>
internal sealed class ClockCheck : ICheck
{
    /// <summary>The API tells its time in whole seconds, and an answer takes its time.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "clock";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<CheckResult>>([ByApi(installation), .. ByDatabase(installation)]);

    private static CheckResult ByApi(Installation installation)
    {
        if (installation.Api.Account?.Status is null)
        {
            return CheckResult.NotChecked(installation.Api.WhyNot!);
        }

        if (installation.Api.Questions!.ClockOffset is not { } offset)
        {
            return CheckResult.NotChecked("the API does not tell its time");
        }

        var allowed = Allowed(installation.Settings.Configuration);
        var said = Said(offset, "DigitalOcean's");
        return offset.Duration() > allowed
            ? CheckResult.Wrong(
                string.Create(CultureInfo.InvariantCulture, $"{said}, and {allowed.TotalMinutes:0.#} min are allowed: nothing is decided or deleted"),
                "Set it by NTP, with systemd: timedatectl set-ntp true")
            : Judged(offset, said);
    }

    /// <summary>Nothing is decided by the database's clock; one that differs makes times in the log hard to compare.</summary>
    private static IEnumerable<CheckResult> ByDatabase(Installation installation) => installation.Database.Facts is { } facts
        ? [Judged(facts.ClockOffset, Said(facts.ClockOffset, "PostgreSQL's"))]
        : [];

    private static CheckResult Judged(TimeSpan offset, string said) =>
        offset.Duration() <= Unnoticed ? CheckResult.Fine(said) : CheckResult.Remark(said, "Set both by NTP");

    private static string Said(TimeSpan offset, string whose) => offset.Duration() switch
    {
        var differs when differs <= Unnoticed => $"this machine's agrees with {whose}, to a few seconds",
        var differs => string.Create(
            CultureInfo.InvariantCulture,
            $"this machine's is {(differs < TimeSpan.FromMinutes(2) ? $"{differs.TotalSeconds:0} s" : $"{differs.TotalMinutes:0.#} min")} {(offset > TimeSpan.Zero ? "behind" : "ahead of")} {whose}"),
    };

    private static TimeSpan Allowed(IConfiguration configuration)
    {
        try
        {
            return SettingsReader.Read<LifecycleTimings>(configuration, "Lifecycle").ClockSkew;
        }
        catch (OptionsValidationException)
        {
            // The check of the settings tells of it.
            return new LifecycleTimings().ClockSkew;
        }
    }
}
