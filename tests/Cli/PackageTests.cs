using System.Diagnostics;

namespace DoSnapshot.Cli.Tests;

/// <summary>The command as a .NET tool: packed, installed from a folder, started by its name.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-tool-");

    [Fact]
    public async Task It_can_be_packed_and_installed_as_a_tool()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var project = Path.Combine(Repository.Root, "services", "Cli");
        var packages = Path.Combine(directory.FullName, "packages");
        var tools = Path.Combine(directory.FullName, "tools");

        await RunAsync("dotnet", "pack", project, "--no-build", "-c", output.Parent!.Name, "-o", packages, "--nologo");
        await RunAsync("dotnet", "tool", "install", "DoSnapshot", "--tool-path", tools, "--source", packages, "--prerelease");
        var version = await RunAsync(Path.Combine(tools, "do-snapshot"), "--version");

        Assert.Matches(@"^do-snapshot \d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\n\z", version);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }
}
