using System.Diagnostics;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The sandbox as a process of its own.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SandboxProcess(Process process) => _process = process;

    public HttpClient Client { get; } = new();

    public static async Task<SandboxProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        var sandbox = new SandboxProcess(new Process { StartInfo = Info(settings) });
        sandbox._process.OutputDataReceived += (_, line) => sandbox.Heard(line.Data);
        sandbox._process.ErrorDataReceived += (_, _) => { };
        sandbox._process.Start();
        sandbox._process.BeginOutputReadLine();
        sandbox._process.BeginErrorReadLine();
        sandbox.Client.BaseAddress = await sandbox._address.Task.WaitAsync(TimeSpan.FromSeconds(60), World.Cancel);
        sandbox.Client.DefaultRequestHeaders.Authorization = new("Bearer", "any");
        return sandbox;
    }

    /// <summary>Runs one that is expected to end by itself: its exit code, and what it says on standard error.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params (string Key, string Value)[] settings)
    {
        using var process = Process.Start(Info(settings))!;
        var output = process.StandardOutput.ReadToEndAsync(World.Cancel);
        var error = await process.StandardError.ReadToEndAsync(World.Cancel);
        await output;
        await process.WaitForExitAsync(World.Cancel);
        return (process.ExitCode, error);
    }

    /// <summary>Kills it as nothing can be done against.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(World.Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Info((string Key, string Value)[] settings)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "DoSnapshot.Sandbox.dll"));
        info.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
            info.Environment[$"{SandboxOptions.Section}__{key}"] = value;
        return info;
    }

    private void Heard(string? line)
    {
        var at = line?.IndexOf(Listening, StringComparison.Ordinal) ?? 0;
        if (line is null)
            _address.TrySetException(new InvalidOperationException("The sandbox ended before it listened."));
        else if (at >= 0)
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
    }
}
