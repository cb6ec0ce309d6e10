namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>A service that can be made to kill itself at a point. It runs on between tests, so that each costs one start and not two.</summary>
internal sealed class CrashableService : IDisposable
{
    private const string Host = "CrashHost";
    private const int Killed = 128 + 9;

    private readonly Platform _platform;
    private readonly string _name;
    private readonly string _point = Path.Combine(Path.GetTempPath(), $"crash-point-{Guid.NewGuid():N}");
    private ServiceProcess? _process;

    public CrashableService(Platform platform, string name)
    {
        _platform = platform;
        _name = name;
    }

    /// <summary>Whether it runs.</summary>
    public bool Runs => _process is not null;

    /// <summary>Starts it, without a point to die at.</summary>
    public void Start()
    {
        File.Delete(_point);
        _process = _platform.Start(Host, ("CrashHost__Service", _name), ("CrashHost__Point", _point));
    }

    /// <summary>Waits until it can be given work.</summary>
    public Task WhenReadyAsync(CancellationToken ct) => _process!.WhenReadyAsync(ct);

    /// <summary>Stops it where it is.</summary>
    public void Freeze() => _process!.Signal("STOP");

    /// <summary>Has it go on.</summary>
    public void Thaw() => _process!.Signal("CONT");

    /// <summary>Gives it a point, as the crash host reads it.</summary>
    public async Task ArmAsync(string point, CancellationToken ct)
    {
        // In one step, so that it does not read half of it.
        await File.WriteAllTextAsync(_point + ".next", point, ct);
        File.Move(_point + ".next", _point, overwrite: true);
    }

    /// <summary>Whether it has died, or ended otherwise.</summary>
    public bool HasEnded => _process!.ExitCode is not null;

    /// <summary>Fails when it has not died of its point.</summary>
    /// <param name="name">The point in words.</param>
    public async Task AssertKilledAsync(string name)
    {
        var code = _process!.ExitCode;
        Assert.True(code == Killed, $"{_name} was to be killed {name}, and ended with {code}:{Environment.NewLine}{_platform.Output}");
        await _platform.KillAsync(_process);
        _process = null;
    }

    /// <summary>Ends it, whatever it is doing.</summary>
    public async Task EndAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await _platform.KillAsync(process);
        }
    }

    public void Dispose() => File.Delete(_point);
}
