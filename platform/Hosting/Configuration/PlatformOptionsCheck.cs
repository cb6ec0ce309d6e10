using Microsoft.Extensions.Options;
using Npgsql;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>Checks the common options at start. Messages name the setting; a connection string or a password is never quoted.</summary>
internal sealed class PlatformOptionsCheck : IValidateOptions<PlatformOptions>
{
    private readonly bool keepsBusInProcess;

    public PlatformOptionsCheck(bool keepsBusInProcess)
    {
        this.keepsBusInProcess = keepsBusInProcess;
    }

    public ValidateOptionsResult Validate(string? name, PlatformOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.LogConnectionString))
        {
            problems.Add(
                "Platform:LogConnectionString is missing: the connection string of PostgreSQL "
                + "(environment: Platform__LogConnectionString, or Platform__LogConnectionStringFile with the name of a file that holds it).");
        }
        else if (!IsConnectionString(options.LogConnectionString))
        {
            problems.Add(
                $"{Named(nameof(options.LogConnectionString), options.LogConnectionStringFile)} cannot be read: "
                + "'Host=…;Username=…;Password=…;Database=…' is wanted.");
        }

        if (options.BusUri is null && !keepsBusInProcess)
        {
            problems.Add(
                "Platform:BusUri is missing: the address of RabbitMQ (environment: Platform__BusUri, or Platform__BusUriFile with the name of a file that holds it).");
        }
        else if (options.BusUri is not null && !(Uri.TryCreate(options.BusUri, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"))
        {
            problems.Add($"{Named(nameof(options.BusUri), options.BusUriFile)} cannot be read: 'amqp://user:password@host:port/vhost' is wanted.");
        }

        if (options.FollowEvery < TimeSpan.FromMilliseconds(50) || options.FollowEvery > TimeSpan.FromHours(1))
        {
            problems.Add($"Platform:FollowEvery '{options.FollowEvery}' must be between 50 ms and 1 h.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string Named(string setting, string file) =>
        file.Length == 0 ? $"{PlatformOptions.Section}:{setting}" : $"{PlatformOptions.Section}:{setting}File '{file}'";

    private static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
