using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <content>What is read by what it is about.</content>
public sealed partial class InMemoryEventLog
{
    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>([.. streams.GetValueOrDefault(stream, [])]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct)
    {
        lock (gate)
        {
            var own = snapshotsOfDroplets.GetValueOrDefault(dropletId)?.Keys ?? Enumerable.Empty<string>();
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(
                [.. own.Append(Streams.OfDroplet(dropletId)).SelectMany(stream => streams.GetValueOrDefault(stream, [])).OrderBy(e => e.Sequence).TakeLast(last)]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<LoggedEvent>>(
                [.. streams.Distinct(StringComparer.Ordinal).SelectMany(stream => this.streams.GetValueOrDefault(stream, [])).OrderBy(e => e.Sequence)]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(since);
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<Snapshot>>(
            [
                .. since.SelectMany(of => (snapshotsOfDroplets.GetValueOrDefault(of.Key)?.Values ?? Enumerable.Empty<Snapshot>()).Where(s => s.RequestedAt >= of.Value)),
            ]);
        }
    }

    /// <inheritdoc />
    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct)
    {
        lock (gate)
        {
            return Task.FromResult(LogNames.Of(
                [.. snapshots.Distinct().Select(id => this.snapshots.GetValueOrDefault(Streams.OfSnapshot(id))).OfType<Snapshot>()],
                droplets.Distinct().Select(id => this.droplets.GetValueOrDefault(id)).OfType<DropletFacts>()));
        }
    }

    /// <inheritdoc />
    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(text);
        var id = FoundSubjects.Number(text);
        var range = FoundSubjects.IdsFrom(text);
        lock (gate)
        {
            var found = droplets.Values.Where(d => d.DropletId == id || string.Equals(d.Name, text, StringComparison.Ordinal))
                .Select(d => new FoundDroplet(d.DropletId, d.Name)).ToList();
            if (id is { } number && !droplets.ContainsKey(number) && snapshotsOfDroplets.ContainsKey(number))
            {
                found.Add(new FoundDroplet(number, null));
            }

            return Task.FromResult(FoundSubjects.Of(found, snapshots.Values.Where(s =>
                string.Equals(s.Name, text, StringComparison.Ordinal)
                || (id is not null && s.ImageId == id)
                || (range is not null && s.SnapshotId.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase)))));
        }
    }
}
