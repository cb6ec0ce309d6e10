using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using Xunit;

namespace DoSnapshot.Tests.Support;

/// <summary>Where the servers of a test run come from.</summary>
public enum TestServerKind
{
    /// <summary>A container.</summary>
    Container,

    /// <summary>A private server made of the programs that are installed.</summary>
    Local,
}

internal static class TestServers
{
    /// <summary><c>off</c> leaves Docker alone, even where it answers.</summary>
    private const string DockerVariable = "DOSNAPSHOT_TESTS_DOCKER";

    /// <summary>Names a file that gets a line for each server in use.</summary>
    private const string ServersFileVariable = "DOSNAPSHOT_TESTS_SERVERS_FILE";

    private static readonly Lazy<Task<TestServerKind>> Chosen = new(ChooseAsync);

    public static Task<TestServerKind> KindAsync() => Chosen.Value;

    /// <summary>A runner shows no output of a fixture, so the line goes where ./test will look for it.</summary>
    public static void Announce(string description)
    {
        var line = $"integration tests: {description}";
        TestContext.Current.SendDiagnosticMessage(line);
        if (Environment.GetEnvironmentVariable(ServersFileVariable) is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + '\n');
        }
    }

    /// <summary>Kills all that runs in a container, which stays.</summary>
    public static async Task KillAsync(string container, CancellationToken cancellationToken)
    {
        using var client = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.NewGuid()).Build();
        await client.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "SIGKILL" }, cancellationToken);
        await client.Containers.WaitContainerAsync(container, cancellationToken);
    }

    public static string Place(TestServerKind kind) => kind == TestServerKind.Container ? "container" : "local";

    private static async Task<TestServerKind> ChooseAsync() =>
        Environment.GetEnvironmentVariable(DockerVariable) is "off" || !await DockerAnswersAsync() ? TestServerKind.Local : TestServerKind.Container;

    private static async Task<bool> DockerAnswersAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            using var client = TestcontainersSettings.OS.DockerEndpointAuthConfig.GetDockerClientBuilder(Guid.NewGuid()).Build();
            await client.System.PingAsync(limit.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever goes wrong here means the same: there is no engine to use.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
