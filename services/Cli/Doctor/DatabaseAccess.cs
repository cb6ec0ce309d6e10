using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.LocalServers;
using Npgsql;

namespace DoSnapshot.Cli.Doctor;

/// <summary>The log's database and what could be read of it.</summary>
internal sealed record DatabaseAccess : IAsyncDisposable
{
    /// <summary>A PostgreSQL of a directory is started for the look, which takes longer than to connect to one.</summary>
    private static readonly TimeSpan ToStart = TimeSpan.FromSeconds(30);

    private OpenedLog? log;

    /// <summary>Where it is: host, port, database and user, or the directory.</summary>
    public string Place { get; private init; } = "";

    /// <summary>How to connect to it; empty where there is nothing to connect to.</summary>
    public string ConnectionString { get; private init; } = "";

    /// <summary>What the server says of itself; null where it was not reached.</summary>
    public DatabaseFacts? Facts { get; private init; }

    /// <summary>Account and plans of the log; null where there is no log, or it cannot be read.</summary>
    public FleetFacts? Fleet { get; private init; }

    /// <summary>Why the server was not reached; null where it was.</summary>
    public string? Problem { get; private init; }

    /// <summary>Why the log cannot be read though it is there; null where it can.</summary>
    public string? LogProblem { get; private init; }

    /// <summary>Whether there is no log in the directory yet.</summary>
    public bool IsEmptyDirectory { get; private init; }

    /// <summary>Looks.</summary>
    public static async Task<DatabaseAccess> LookAsync(LogPlace? place, TimeProvider clock, CancellationToken ct) => place switch
    {
        null => new DatabaseAccess(),
        { Store: { } store } => await ServerAsync(store, clock, ct),
        _ => await DirectoryAsync(place, clock, ct),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (log is not null)
        {
            await log.DisposeAsync();
        }
    }

    private static async Task<DatabaseAccess> ServerAsync(string store, TimeProvider clock, CancellationToken ct)
    {
        var impatient = Impatient(store);
        var place = Words(impatient);
        try
        {
            var facts = await WithinAsync(DoctorSettings.Patience, limit => DatabaseFacts.ReadAsync(impatient.ConnectionString, clock, limit), ct);
            var access = new DatabaseAccess { Place = place, ConnectionString = impatient.ConnectionString, Facts = facts };
            return facts.HasLog ? await access.WithLogAsync(() => OpenAsync(new LogPlace(impatient.ConnectionString, null), clock, ct), ct) : access;
        }
        catch (Exception e) when (IsTheDatabases(e, ct))
        {
            return new DatabaseAccess { Place = place, ConnectionString = impatient.ConnectionString, Problem = Words(e) };
        }
    }

    private static async Task<DatabaseAccess> DirectoryAsync(LogPlace place, TimeProvider clock, CancellationToken ct)
    {
        OpenedLog? opened = null;
        try
        {
            if (File.Exists(place.Directory))
            {
                return new DatabaseAccess { Place = $"{place}", Problem = "it is a file, and a directory is wanted" };
            }

            opened = await WithinAsync(ToStart, limit => OpenedLog.ReadAsync(place, clock, limit), ct);
            if (opened.ConnectionString.Length == 0)
            {
                return HoldsSomethingElse(place.Directory!)
                    ? new DatabaseAccess { Place = $"{place}", Problem = "the directory holds something else than a log" }
                    : new DatabaseAccess { Place = $"{place}", IsEmptyDirectory = true };
            }

            var connectionString = Impatient(opened.ConnectionString).ConnectionString;
            var facts = await WithinAsync(DoctorSettings.Patience, limit => DatabaseFacts.ReadAsync(connectionString, clock, limit), ct);
            var access = new DatabaseAccess { Place = $"{place}", ConnectionString = connectionString, Facts = facts };
            return await access.WithLogAsync(() => Task.FromResult(opened), ct);
        }
        catch (Exception e) when (e is LocalServerException or UnauthorizedAccessException || IsTheDatabases(e, ct))
        {
            await (opened?.DisposeAsync() ?? ValueTask.CompletedTask);
            return new DatabaseAccess { Place = $"{place}", Problem = Words(e) };
        }
    }

    /// <summary>Whether a pass would refuse the directory. One that just makes its log there begins with the lock.</summary>
    private static bool HoldsSomethingElse(string directory) => Directory.Exists(directory)
        && Directory.EnumerateFileSystemEntries(directory).Any() && !File.Exists(Path.Combine(directory, "lock"));

    private static Task<OpenedLog> OpenAsync(LogPlace place, TimeProvider clock, CancellationToken ct) =>
        WithinAsync(DoctorSettings.Patience, limit => OpenedLog.ReadAsync(place, clock, limit), ct);

    private async Task<DatabaseAccess> WithLogAsync(Func<Task<OpenedLog>> open, CancellationToken ct)
    {
        var access = this;
        try
        {
            access = this with { log = await open() };
            return access with { Fleet = await WithinAsync(DoctorSettings.Patience, limit => access.log!.Log.LoadFleetFactsAsync(limit), ct) };
        }
#pragma warning disable CA1031 // Whatever keeps the log from being read is what this look is for; Marten wraps what PostgreSQL throws in its own.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return access with { LogProblem = Words(e) };
        }
    }

    private static async Task<T> WithinAsync<T>(TimeSpan patience, Func<CancellationToken, Task<T>> look, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            // Npgsql does not end at once in every phase of a connection; what is left of it ends by its own limit, or with the process.
            return await look(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {patience.TotalSeconds:0} s", e);
        }
    }

    /// <summary>
    /// With limits for what is left of a look that was given up. They are longer than the look's own: after its own, Npgsql tries again in another way,
    /// without encryption for instance.
    /// </summary>
    private static NpgsqlConnectionStringBuilder Impatient(string connectionString) => new(connectionString)
    {
        Timeout = 2 * (int)DoctorSettings.Patience.TotalSeconds,
        CommandTimeout = 2 * (int)DoctorSettings.Patience.TotalSeconds,
        CancellationTimeout = 1000,
    };

    /// <summary>Without the password.</summary>
    private static string Words(NpgsqlConnectionStringBuilder at) =>
        $"PostgreSQL at {at.Host}:{at.Port}, database {at.Database ?? at.Username ?? "of the user"}, user {at.Username ?? "of this process"}";

    private static string Words(Exception e) =>
        (e is TimeoutException { InnerException: OperationCanceledException } late ? late : e.GetBaseException()).Message.ReplaceLineEndings(" ");

    private static bool IsTheDatabases(Exception e, CancellationToken ct) => !ct.IsCancellationRequested
        && e is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException or InvalidOperationException or ArgumentException;
}
