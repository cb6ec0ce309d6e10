using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>Reads how long to wait for what.</summary>
internal static class TimingSettings
{
    private const string Section = "Lifecycle";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>
    /// Section <c>Lifecycle</c>. How long a request may be on its way is the client's own limit: what is concluded from silence rests on it.
    /// </summary>
    /// <exception cref="OptionsValidationException">A duration cannot be used; the message names it.</exception>
    public static LifecycleTimings Read(IConfiguration configuration, DigitalOceanOptions api)
    {
        var timings = SettingsReader.Read<LifecycleTimings>(configuration, Section) with { RequestTimeout = api.RequestTimeout };
        var problems = typeof(LifecycleTimings).GetProperties()
            .Where(p => p.PropertyType == typeof(TimeSpan))
            .Select(p => (p.Name, Value: (TimeSpan)p.GetValue(timings)!))
            .Where(p => p.Value <= TimeSpan.Zero || p.Value > Longest)
            .Select(p => $"{Section}:{p.Name} '{p.Value}' must be more than zero and at most {Longest.TotalDays:0} days.")
            .ToList();
        return problems.Count == 0 ? timings : throw new OptionsValidationException(Section, typeof(LifecycleTimings), problems);
    }
}
