namespace DoSnapshot.Sandbox;

/// <summary>
/// Keeps the account in a file. What an answer tells is in the file before the answer is sent, so that a kill at any moment loses
/// nothing that a client knows of. Requests that come at the same time share one write.
/// </summary>
public sealed class SandboxStore : IDisposable
{
    private readonly string? _path;
    private readonly FileStream? _owned;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _kept = -1;
    private bool _isClosed;

    private SandboxStore(string? path, FileStream? owned) => (_path, _owned) = (path, owned);

    /// <summary>Keeps nothing.</summary>
    public static SandboxStore None() => new(path: null, owned: null);

    /// <summary>Takes hold of a file, which need not exist; no other process can meanwhile.</summary>
    /// <exception cref="SandboxFileException">It cannot be had.</exception>
    public static SandboxStore Open(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            // Not the file itself, which every write replaces.
            return new SandboxStore(full, new FileStream($"{full}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxFileException(path, $"it cannot be used, or is in use: {e.Message}", e);
        }
    }

    /// <summary>What was kept; none if nothing was yet.</summary>
    /// <exception cref="SandboxFileException">It cannot be read.</exception>
    internal SandboxRecord? Read()
    {
        if (_path is null || !File.Exists(_path))
            return null;
        var record = SandboxFile.Read<SandboxRecord>(_path);
        return record.Format == SandboxRecord.CurrentFormat
            ? record
            : throw new SandboxFileException(_path, $"$.format: it is {record.Format}, and only {SandboxRecord.CurrentFormat} is known here.");
    }

    /// <summary>Sees to it that all that has happened to the account by now is in the file.</summary>
    /// <exception cref="IOException">It could not be written. The next call tries again.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task KeepAsync(SandboxAccount account, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var wanted = account.Version;
        if (_path is null || Volatile.Read(ref _kept) >= wanted)
            return;

        await _turn.WaitAsync(ct);
        try
        {
            // Somebody whose turn came before may have written this change as well.
            if (_kept < wanted && !_isClosed)
                Write(_path, account);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes the account for the first time, so that a file that cannot be written is found out before the first request.</summary>
    /// <exception cref="SandboxFileException">It cannot be written.</exception>
    internal void KeepFirst(SandboxAccount account)
    {
        try
        {
            if (_path is not null)
                Write(_path, account);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxFileException(_path!, $"it cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Lets go of the file once it is written; from then on it may be another's.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isClosed = true;
        _owned?.Dispose();
        _turn.Release();
    }

    private void Write(string path, SandboxAccount account)
    {
        var (record, version) = account.WriteDown();
        SandboxFile.Write(path, record);
        Volatile.Write(ref _kept, version);
    }
}
