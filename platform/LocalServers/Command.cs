using System.ComponentModel;
using System.Diagnostics;

namespace DoSnapshot.LocalServers;

/// <summary>Short commands of the operating system: asked for a version, for a user's name, to change an owner.</summary>
internal static class Command
{
    // A program on the path may be anything, even something that waits for input.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static CommandResult Run(params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                return new CommandResult(-1, $"{command[0]} did not answer within {Limit.TotalSeconds} s");
            }
            return new CommandResult(process.ExitCode, (output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult()).Trim());
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new CommandResult(-1, e.Message);
        }
    }

    public static void RunOrThrow(params IReadOnlyList<string> command)
    {
        var result = Run(command);
        if (!result.Succeeded)
        {
            throw new LocalServerException($"'{string.Join(' ', command)}' failed: {result.Output}");
        }
    }
}

internal readonly record struct CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
