using DoSnapshot.Hosting.Log;
using Npgsql;

namespace DoSnapshot.Questions.Benchmarks.Asking;

/// <summary>What is asked about: some of the log's snapshots and droplets, of all ages.</summary>
internal sealed record LogSample(IReadOnlyList<(Guid Id, string Name)> Snapshots, IReadOnlyList<long> Droplets)
{
    private const int Most = 500;

    public static async Task<LogSample> TakeAsync(string store) => new(
        await ReadAsync(
            store,
            $"select (data ->> 'snapshotId')::uuid, data ->> 'name' from {LogStore.Schema}.mt_doc_snapshot order by md5(id) limit {Most}",
            row => (row.GetGuid(0), row.GetString(1))),
        await ReadAsync(store, $"select (data ->> 'dropletId')::bigint from {LogStore.Schema}.mt_doc_droplet order by md5(id) limit {Most}", row => row.GetInt64(0)));

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(string store, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Made of constants.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await rows.ReadAsync())
        {
            all.Add(read(rows));
        }

        return all;
    }
}
