using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>
/// The simulated time of all processes, in a file that they map into their memory: the bench moves it, the others follow, and each says that it is there.
/// </summary>
public sealed class SharedTime : IDisposable
{
    private const int MostProcesses = 64;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private SharedTime(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor();
    }

    /// <summary>The time, UTC. One process writes it.</summary>
    public DateTimeOffset Now
    {
        get => new(Volatile.Read(ref At(0)), TimeSpan.Zero);
        set => Volatile.Write(ref At(0), value.UtcTicks);
    }

    /// <summary>Makes the file.</summary>
    public static SharedTime Create(string path, DateTimeOffset start)
    {
        var time = new SharedTime(MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, (MostProcesses + 1) * sizeof(long)));
        time.Now = start;
        return time;
    }

    /// <summary>Opens the file that the bench has made.</summary>
    public static SharedTime Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open));

    /// <summary>Says that a process has followed up to now.</summary>
    /// <param name="process">Its number, from 0.</param>
    public void SayThere(int process) => Volatile.Write(ref At(process + 1), Stopwatch.GetTimestamp());

    /// <summary>For how long, in real time, the slowest of so many processes has not followed.</summary>
    public TimeSpan Lag(int processes)
    {
        var oldest = long.MaxValue;
        for (var i = 1; i <= processes; i++)
        {
            oldest = Math.Min(oldest, Volatile.Read(ref At(i)));
        }

        return processes == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(oldest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private unsafe ref long At(int slot)
    {
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        return ref ((long*)start)[slot];
    }
}
