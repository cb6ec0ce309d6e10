using System.Runtime.InteropServices;

namespace DoSnapshot.Sandbox;

/// <summary>A call that a client made. No header of it is kept, least of all the token.</summary>
/// <param name="Number">Its place in the order of calls, from 1.</param>
/// <param name="At">When, by the account's clock.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">HTTP status of the answer, whether it arrived or not.</param>
/// <param name="Fault">What was made to go wrong with it, slowness aside; none if nothing was.</param>
public sealed record SandboxCall(long Number, DateTimeOffset At, string Method, string Path, int Status, SandboxFaultKind? Fault = null);

/// <summary>How many calls there were since the start, forgotten ones included.</summary>
/// <param name="Total">All.</param>
/// <param name="ByStatus">By HTTP status.</param>
/// <param name="ByCall">By method and path, with numbers and UUIDs written as <c>{id}</c>.</param>
public sealed record SandboxCounts(long Total, IReadOnlyDictionary<int, long> ByStatus, IReadOnlyDictionary<string, long> ByCall);

/// <summary>What clients called: the last 200,000 calls one by one, and counters of all. Control calls are not in it.</summary>
public sealed class SandboxJournal
{
    /// <summary>How many calls are kept one by one.</summary>
    public const int Capacity = 200_000;

    // Addresses that do not exist may come in any number; past this many, the rest are counted together.
    private const int DistinctCalls = 200;

    private readonly Lock _gate = new();
    private readonly Queue<SandboxCall> _calls = new();
    private readonly Dictionary<int, long> _byStatus = [];
    private readonly Dictionary<string, long> _byCall = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>How many calls there were.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
                return _total;
        }
    }

    /// <summary>The calls after the one with this number, oldest first, as far as they are kept.</summary>
    public IReadOnlyList<SandboxCall> Since(long number) => Where(call => call.Number > number);

    /// <summary>The calls from this time on, oldest first, as far as they are kept.</summary>
    public IReadOnlyList<SandboxCall> Since(DateTimeOffset time) => Where(call => call.At >= time);

    /// <summary>All calls that are kept, oldest first.</summary>
    public IReadOnlyList<SandboxCall> All() => Where(_ => true);

    /// <summary>The counters.</summary>
    public SandboxCounts Counts()
    {
        lock (_gate)
            return new SandboxCounts(_total, new Dictionary<int, long>(_byStatus), new Dictionary<string, long>(_byCall, StringComparer.Ordinal));
    }

    internal void Record(DateTimeOffset at, string method, string path, int status, SandboxFaultKind? fault = null)
    {
        var name = Name(method, path);
        lock (_gate)
        {
            _calls.Enqueue(new SandboxCall(++_total, at, method, path, status, fault));
            if (_calls.Count > Capacity)
                _calls.Dequeue();
            CollectionsMarshal.GetValueRefOrAddDefault(_byStatus, status, out _)++;
            if (_byCall.Count >= DistinctCalls && !_byCall.ContainsKey(name))
                name = "other";
            CollectionsMarshal.GetValueRefOrAddDefault(_byCall, name, out _)++;
        }
    }

    private SandboxCall[] Where(Func<SandboxCall, bool> condition)
    {
        lock (_gate)
            return [.. _calls.Where(condition)];
    }

    private static string Name(string method, string path)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        var segments = (query < 0 ? path : path[..query]).Split('/');
        return $"{method} {string.Join('/', segments.Select(segment => IsNumber(segment) || (segment.Length >= 32 && Guid.TryParse(segment, out _)) ? "{id}" : segment))}";

        static bool IsNumber(string segment) => segment is [>= '0' and <= '9', ..];
    }
}
