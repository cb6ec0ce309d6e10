using System.Diagnostics;
using System.Globalization;

namespace DoSnapshot.LocalServers.Tests;

/// <summary>Another process that runs a server, to be killed by a test.</summary>
internal sealed class Victim : IDisposable
{
    public const string Argument = "victim";

    private readonly Process _process;

    private Victim(Process process, int serverPid, string serverDirectory)
    {
        _process = process;
        ServerPid = serverPid;
        ServerDirectory = serverDirectory;
    }

    public int ServerPid { get; }

    public string ServerDirectory { get; }

    public static async Task<Victim> StartAsync(string? dataDirectory, CancellationToken cancellationToken, bool leadsGroup = false)
    {
        string[] command = ["dotnet", typeof(Victim).Assembly.Location, Argument, .. dataDirectory is null ? Array.Empty<string>() : [dataDirectory]];
        var process = Process.Start(new ProcessStartInfo(leadsGroup ? "setsid" : command[0], leadsGroup ? command : command.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var pid = await process.StandardOutput.ReadLineAsync(cancellationToken);
        var directory = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return new Victim(process, int.Parse(pid!, CultureInfo.InvariantCulture), directory!);
    }

    /// <summary>What the other process does.</summary>
    public static async Task<int> RunAsync(string? dataDirectory)
    {
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = dataDirectory });
        Console.WriteLine(server.Pid);
        Console.WriteLine(server.DataDirectory);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return 0;
    }

    /// <summary>SIGKILL: the process gets no chance to clean up.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>A signal to the process and to all that it started and that stayed in its group.</summary>
    public async Task SignalGroupAsync(string signal, CancellationToken cancellationToken)
    {
        Command.RunOrThrow("kill", "-s", signal, "--", (-_process.Id).ToString(CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
