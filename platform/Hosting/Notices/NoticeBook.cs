using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using Npgsql;
using NpgsqlTypes;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;
using static Weasel.Postgresql.SchemaUtils;

namespace DoSnapshot.Hosting.Notices;

/// <summary>What somebody was told of, by one channel.</summary>
/// <param name="Key">What it is about, the same for as long as it lasts.</param>
/// <param name="Kind">Its kind, as a word.</param>
/// <param name="Severity">How much it matters, as a word.</param>
/// <param name="Text">What was told last.</param>
/// <param name="Since">Since when it is so, UTC.</param>
/// <param name="ToldAt">When it was told last, UTC.</param>
/// <param name="GoneSince">Since when it is not so any more, UTC; null while it is.</param>
/// <param name="DropletId">The droplet it is about; null where it is about none.</param>
/// <param name="SnapshotId">The snapshot it is about; null where it is about none.</param>
public sealed record ToldNotice(
    string Key,
    string Kind,
    string Severity,
    string Text,
    DateTimeOffset Since,
    DateTimeOffset ToldAt,
    DateTimeOffset? GoneSince,
    long? DropletId = null,
    Guid? SnapshotId = null);

/// <summary>What was told by which channel.</summary>
public interface INoticeBook
{
    /// <summary>All that a channel has told and that is not over.</summary>
    Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct);

    /// <summary>Writes down that a channel is about to tell: fails where nothing can be written.</summary>
    Task ProveAsync(string channel, CancellationToken ct);

    /// <summary>Writes down what a channel has told, and forgets what is over; all of it or nothing.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="told">What was told, or is not so any more and was not told yet.</param>
    /// <param name="over">The keys of what is over.</param>
    /// <param name="ct">Ends it.</param>
    Task WriteAsync(string channel, IReadOnlyCollection<ToldNotice> told, IReadOnlyCollection<string> over, CancellationToken ct);
}

/// <summary>
/// What was told by which channel, kept beside the log, so that neither a restart nor another leader says it all again.
/// </summary>
public sealed class NoticeBook : INoticeBook
{
    private const string TableName = $"{LogStore.Schema}.told_notice";

    // The row that says nothing but that the channel is one.
    private const string NoKey = "";

    private readonly string connectionString;

    /// <summary>The book in this log's database.</summary>
    public NoticeBook(PlatformOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        connectionString = LogConnection.ForLog(options.LogConnectionString);
    }

    /// <inheritdoc />
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<IReadOnlyList<ToldNotice>> ReadAsync(string channel, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select key, kind, severity, text, since, told_at, gone_since, droplet_id, snapshot_id from {TableName} where channel = $1 and key <> $2 order by key", connection)
        {
            Parameters = { new() { Value = channel }, new() { Value = NoKey } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var told = new List<ToldNotice>();
        while (await rows.ReadAsync(ct))
        {
            told.Add(new ToldNotice(
                rows.GetString(0),
                rows.GetString(1),
                rows.GetString(2),
                rows.GetString(3),
                rows.GetFieldValue<DateTimeOffset>(4),
                rows.GetFieldValue<DateTimeOffset>(5),
                await rows.IsDBNullAsync(6, ct) ? null : rows.GetFieldValue<DateTimeOffset>(6),
                await rows.IsDBNullAsync(7, ct) ? null : rows.GetInt64(7),
                await rows.IsDBNullAsync(8, ct) ? null : rows.GetGuid(8)));
        }

        return told;
    }

    /// <inheritdoc />
    /// <exception cref="NpgsqlException">The database cannot be reached, or not be written.</exception>
    public async Task ProveAsync(string channel, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            $"insert into {TableName} (channel, key, kind, severity, text, since, told_at) values ($1, $2, $2, $2, $2, now(), now()) on conflict (channel, key) do update set told_at = now()", connection)
        {
            Parameters = { new() { Value = channel }, new() { Value = NoKey } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <inheritdoc />
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task WriteAsync(string channel, IReadOnlyCollection<ToldNotice> told, IReadOnlyCollection<string> over, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(over);
        if (told.Count == 0 && over.Count == 0)
        {
            return;
        }

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        // One batch is one transaction.
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"delete from {TableName} where channel = $1 and key = any($2)")
        {
            Parameters = { new() { Value = channel }, new() { Value = over.ToArray() } },
        });
        foreach (var one in told)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"""
                insert into {TableName} (channel, key, kind, severity, text, since, told_at, gone_since, droplet_id, snapshot_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (channel, key) do update set kind = $3, severity = $4, text = $5, since = $6, told_at = $7, gone_since = $8, droplet_id = $9, snapshot_id = $10
                """)
            {
                Parameters =
                {
                    new() { Value = channel }, new() { Value = one.Key }, new() { Value = one.Kind }, new() { Value = one.Severity }, new() { Value = one.Text },
                    new() { Value = one.Since.ToUniversalTime() },
                    new() { Value = one.ToldAt.ToUniversalTime() },
                    new() { Value = (object?)one.GoneSince?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                    new() { Value = (object?)one.DropletId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new() { Value = (object?)one.SnapshotId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    internal static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(LogStore.Schema, "told_notice", IdentifierUsage.General));
        table.AddColumn<string>("channel").AsPrimaryKey();
        table.AddColumn<string>("key").AsPrimaryKey();
        table.AddColumn<string>("kind").NotNull();
        table.AddColumn<string>("severity").NotNull();
        table.AddColumn<string>("text").NotNull();
        table.AddColumn("since", "timestamptz").NotNull();
        table.AddColumn("told_at", "timestamptz").NotNull();
        table.AddColumn("gone_since", "timestamptz");
        table.AddColumn<long>("droplet_id");
        table.AddColumn<Guid>("snapshot_id");
        return table;
    }
}
