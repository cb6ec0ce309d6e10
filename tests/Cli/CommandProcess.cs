using System.Diagnostics;

namespace DoSnapshot.Cli.Tests;

/// <summary>The command as its user starts it: a process, its output, its exit code.</summary>
internal sealed class CommandProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private CommandProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync(Ct);
        errors = process.StandardError.ReadToEndAsync(Ct);
    }

    public int Id => process.Id;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts it with these variables in its environment; null takes one away.</summary>
    public static CommandProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        // Whoever runs the tests may have told them to ignore an interrupt, and a process inherits that.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "do-snapshot.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in (string[])["DO_TOKEN", "DO_SNAPSHOT_STORE", "DO_SNAPSHOT_STORE_FILE", "DO_SNAPSHOT_API", "DO_SNAPSHOT_API_TOKEN", "DO_SNAPSHOT_API_TOKEN_FILE", "DIGITALOCEAN_API_URL", "DOSNAPSHOT_SYSLOG_SOCKET"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new CommandProcess(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var started = Start(environment, arguments);
        return await started.EndAsync();
    }

    public static Task<Ended> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs it to its end with its standard output going to a file.</summary>
    public static async Task<Ended> RunIntoAsync(string path, params string[] arguments)
    {
        string[] shell = ["-c", "exec \"$@\" > \"$0\"", path, "dotnet", Path.Combine(AppContext.BaseDirectory, "do-snapshot.dll"), .. arguments];
        var start = new ProcessStartInfo("sh", shell) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var started = new CommandProcess(Process.Start(start)!);
        return await started.EndAsync();
    }

    /// <summary>Runs it to its end with its standard error going to a file.</summary>
    public static async Task<Ended> RunComplainingIntoAsync(IReadOnlyDictionary<string, string?> environment, string path, params string[] arguments)
    {
        string[] shell = ["-c", "exec \"$@\" 2> \"$0\"", path, "dotnet", Path.Combine(AppContext.BaseDirectory, "do-snapshot.dll"), .. arguments];
        var start = new ProcessStartInfo("sh", shell) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var started = new CommandProcess(Process.Start(start)!);
        return await started.EndAsync();
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString()]);
        await kill.WaitForExitAsync(Ct);
    }

    public async Task<Ended> EndAsync()
    {
        await process.WaitForExitAsync(Ct);
        return new Ended(process.ExitCode, await output, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}

/// <summary>How it ended.</summary>
internal sealed record Ended(int Code, string Output, string Errors);
