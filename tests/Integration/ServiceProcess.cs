using System.Collections.Concurrent;
using System.Diagnostics;
using DoSnapshot.LocalServers;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>One service as a process of its own, as it is run in production.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>Planner and workers in one process.</summary>
    public const string Serve = "serve";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    // Most live for seconds: what the runtime does for processes that live for days would be half of their work.
    private static readonly (string Setting, string Value)[] ShortLived = [("DOTNET_gcServer", "0"), ("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountThreshold", "1000")];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private string _waitsFor = "it does not answer";

    private ServiceProcess(string name, Process process, Uri address)
    {
        Name = name;
        _process = process;
        Address = address;
    }

    public string Name { get; }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Starts one.</summary>
    /// <param name="name">The service, or <see cref="Serve"/>.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ServiceProcess Start(string name, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] program = name == Serve ? ["do-snapshot.dll", "serve"] : [$"DoSnapshot.{name}.dll"];
        foreach (var argument in (string[])[Programs.PathOf(program[0]), .. program[1..], .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (key, value) in ShortLived.Concat(settings.Select(s => (s.Key, s.Value))))
        {
            start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        var service = new ServiceProcess(name, process, address);
        process.OutputDataReceived += (_, line) => service.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => service.Heard(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task WhenReadyAsync(CancellationToken ct)
    {
        var ready = await Eventually.HoldsAsync(() => IsReadyAsync(ct), TimeSpan.FromSeconds(60), ct);
        Assert.True(ready, $"{Name} did not become ready:{Environment.NewLine}{_waitsFor}{Environment.NewLine}{Output}");
    }

    /// <summary>Whether it is ready, and what it says about that.</summary>
    public async Task<(bool Ready, string Says)> HealthAsync(CancellationToken ct)
    {
        using var answer = await Http.GetAsync(new Uri(Address, "health/ready"), ct);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>Sends it a signal: KILL, STOP, CONT, TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Whether it is ready. One that has ended is not, and fails the test.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        Assert.False(_process.HasExited, $"{Name} has ended:{Environment.NewLine}{Output}");
        try
        {
            (var ready, _waitsFor) = await HealthAsync(ct);
            return ready;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
