using System.Diagnostics.Metrics;
using System.Text.Json;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>How a measure is counted.</summary>
public enum MeasureKind
{
    /// <summary>What has happened since the process began; it only grows.</summary>
    Counter = 0,

    /// <summary>How much there is at a moment.</summary>
    Gauge = 1,
}

/// <summary>A measure: an instrument of OpenTelemetry, and what it says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it is counted.</param>
/// <param name="Unit">Its unit, as UCUM has it; in braces where things are counted.</param>
/// <param name="Description">What it says, in a sentence.</param>
/// <param name="Labels">The names of its labels.</param>
public sealed record Measure(string Name, MeasureKind Kind, string Unit, string Description, IReadOnlyList<string> Labels)
{
    /// <summary>Whether it has a series for each droplet, so that there may be thousands.</summary>
    public bool IsPerDroplet => Labels.Contains(Measures.DropletId, StringComparer.Ordinal);

    /// <summary>A name of our own as a label's value: <c>no_good_snapshot</c>.</summary>
    public static string ValueOf(Enum name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());
    }
}

/// <summary>Makes the instruments of measures.</summary>
public static class MeasureInstruments
{
    /// <summary>A counter.</summary>
    public static Counter<long> Counter(this Meter meter, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(measure);
        return meter.CreateCounter<long>(measure.Name, measure.Unit, measure.Description);
    }

    /// <summary>A gauge, which is read when somebody collects.</summary>
    public static ObservableGauge<double> Gauge(this Meter meter, Measure measure, Func<IEnumerable<Measurement<double>>> read)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(measure);
        return meter.CreateObservableGauge(measure.Name, read, measure.Unit, measure.Description);
    }

    /// <summary>Counts, with the values of the measure's labels in their order.</summary>
    public static void Add(this Counter<long> counter, Measure measure, long count, params ReadOnlySpan<string> values)
    {
        ArgumentNullException.ThrowIfNull(counter);
        if (counter.Enabled)
        {
            counter.Add(count, Tags(measure, values));
        }
    }

    /// <summary>A gauge's value, with the values of the measure's labels in their order.</summary>
    public static Measurement<double> Read(this Measure measure, double value, params ReadOnlySpan<string> values) => new(value, Tags(measure, values));

    private static KeyValuePair<string, object?>[] Tags(Measure measure, ReadOnlySpan<string> values)
    {
        ArgumentNullException.ThrowIfNull(measure);
        if (values.Length != measure.Labels.Count)
        {
            throw new ArgumentException($"{measure.Name} has {measure.Labels.Count} labels.", nameof(values));
        }

        var tags = new KeyValuePair<string, object?>[values.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = new(measure.Labels[i], values[i]);
        }

        return tags;
    }
}
