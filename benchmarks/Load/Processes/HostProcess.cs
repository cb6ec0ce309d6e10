using System.Diagnostics;
using System.Net.Http.Json;
using DoSnapshot.LoadHost.Benchmarks;
using DoSnapshot.LocalServers;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>One service as a process of its own, on the bench's clock. What it says goes into a file.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private readonly Process _process;
    private readonly StreamWriter _output;
    private readonly Lock _gate = new();

    private HostProcess(string name, Process process, StreamWriter output, Uri address)
    {
        (Name, _process, _output, Address) = (name, process, output, address);
    }

    /// <summary>The service and, where there are several of it, which one.</summary>
    public string Name { get; }

    public Uri Address { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>What of it is in the machine's memory at this moment, in bytes; 0 when it has ended.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>What it has used of the machine's cores so far.</summary>
    public TimeSpan ProcessorTime => _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;

    /// <summary>Lines in which it said that something is wrong: warnings and worse.</summary>
    public int Complaints { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="service">The service.</param>
    /// <param name="number">Which of several.</param>
    /// <param name="index">Which of all, from 0.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="folder">Where the file with its output is.</param>
    public static HostProcess Start(string service, int number, int index, IReadOnlyDictionary<string, string> settings, string folder)
    {
        var name = $"{service}-{number}";
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DoSnapshot.LoadHost.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        start.Environment["LOAD_SERVICE"] = service;
        start.Environment["LOAD_PROCESS"] = index.ToString();
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var process = new Process { StartInfo = start };
        var host = new HostProcess(name, process, new StreamWriter(Path.Combine(folder, $"{name}.txt")) { AutoFlush = true }, address);
        process.OutputDataReceived += (_, line) => host.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => host.Heard(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not become ready in five minutes.</exception>
    public async Task WhenReadyAsync(CancellationToken ct)
    {
        if (!await Eventually.HoldsAsync(() => IsReadyAsync(ct), TimeSpan.FromMinutes(5), ct))
        {
            throw new InvalidOperationException($"{Name} did not become ready.");
        }
    }

    /// <summary>Lets it collect all its garbage, and gives what stays on its managed heap.</summary>
    public async Task<HeapAfterCollection> HeapAsync(CancellationToken ct) =>
        (await Http.GetFromJsonAsync<HeapAfterCollection>(new Uri(Address, "bench/memory"), ct))!;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _output.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"{Name} has ended with code {_process.ExitCode}.");
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "health/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            Complaints += line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal) ? 1 : 0;
            if (_output.BaseStream.CanWrite)
            {
                _output.WriteLine(line);
            }
        }
    }
}
