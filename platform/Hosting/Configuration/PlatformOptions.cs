namespace DoSnapshot.Hosting.Configuration;

/// <summary>What every service needs to know. Section <c>Platform</c> of the configuration.</summary>
public sealed class PlatformOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Platform";

    /// <summary>PostgreSQL's connection string, for the log.</summary>
    public string LogConnectionString { get; set; } = "";

    /// <summary>Name of a file that holds <see cref="LogConnectionString"/>, and goes before it: a file is in no environment. Empty where there is none.</summary>
    public string LogConnectionStringFile { get; set; } = "";

    /// <summary>
    /// RabbitMQ's address, <c>amqp://user:password@host:port/vhost</c>; null to keep the bus within the process. Installations that share a broker
    /// have a virtual host each: exchanges and queues have the same names in all of them.
    /// </summary>
    public string? BusUri { get; set; }

    /// <summary>Name of a file that holds <see cref="BusUri"/>, and goes before it. Empty where there is none.</summary>
    public string BusUriFile { get; set; } = "";

    /// <summary>How often a worker looks how what is in flight goes on.</summary>
    public TimeSpan FollowEvery { get; set; } = TimeSpan.FromSeconds(20);
}
