using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting;

/// <summary>What a process says of itself, and how.</summary>
public static class LogOutput
{
    /// <summary>
    /// What is said at which level unless the configuration says otherwise. The libraries tell of a broker or a database that is away with every try
    /// and a stack; that it is away is said once by the service, and at <c>/health/ready</c>.
    /// </summary>
    private static readonly Dictionary<string, string?> LogLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:MassTransit"] = "Error",
        ["Logging:LogLevel:Marten"] = "Error",
        ["Logging:LogLevel:JasperFx"] = "Error",
        ["Logging:LogLevel:Npgsql"] = "Error",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
    };

    /// <summary>Adds the levels below all other sources: what the configuration says stands.</summary>
    public static void AddLogLevels(this IConfigurationBuilder configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
    }

    /// <summary>A line for each thing that is said, with its time, UTC.</summary>
    public static void AddLines(this ILoggingBuilder logging) => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
    });
}
