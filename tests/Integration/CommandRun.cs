using System.Diagnostics;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>The command as cron runs it on a log: a process, what it says, its exit code.</summary>
internal static class CommandRun
{
    private const string Token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs it to its end.</summary>
    /// <param name="platform">Whose sandbox it works on.</param>
    /// <param name="store">The log's database; null where the options say where the log is.</param>
    /// <param name="options">The options.</param>
    public static async Task<(int Code, string Errors)> RunAsync(Platform platform, string? store, params string[] options)
    {
        using var process = Start(platform, store, options);
        var (errors, output) = (process.StandardError.ReadToEndAsync(Ct), process.StandardOutput.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        await output;
        return (process.ExitCode, await errors);
    }

    /// <summary>Starts it.</summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    public static Process Start(Platform platform, string? store, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Programs.PathOf("do-snapshot.dll"), .. options])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DO_TOKEN"] = Token;
        start.Environment["DO_SNAPSHOT_STORE"] = store;
        start.Environment["DIGITALOCEAN_API_URL"] = platform.SandboxAddress.ToString().TrimEnd('/');
        return Process.Start(start)!;
    }
}
