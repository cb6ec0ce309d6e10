using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace DoSnapshot.LocalServers;

/// <summary>The directory of one private server: its cluster, its password, its log. One process may use it at a time.</summary>
internal sealed class PostgresDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string LockName = "lock";
    private const string HolderName = "holder";

    private readonly FileStream? _lock;

    private PostgresDirectory(string root, FileStream? heldLock)
    {
        Root = root;
        _lock = heldLock;
    }

    public string Root { get; }

    public bool IsThrowAway => _lock is null;

    public string Data => Path.Combine(Root, "data");

    public string LogFile => Path.Combine(Root, "server.log");

    public string PasswordFile => Path.Combine(Root, "password");

    public string Password { get; private set; } = "";

    /// <summary>The major version that made the cluster, or null when there is none yet.</summary>
    /// <exception cref="DirectoryUnusableException">The cluster does not say which.</exception>
    public int? MajorVersion
    {
        get
        {
            if (!Directory.Exists(Data))
            {
                return null;
            }

            try
            {
                return int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or FormatException)
            {
                throw new DirectoryUnusableException($"{Root} is damaged: {e.Message} Restore it from a backup, or choose another directory.", e);
            }
        }
    }

    public static PostgresDirectory Temporary()
    {
        try
        {
            return Prepared(new PostgresDirectory(Directory.CreateTempSubdirectory("do-snapshot-postgres-").FullName, heldLock: null));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalServerException($"PostgreSQL needs a directory under '{Path.GetTempPath()}' (TMPDIR), which cannot be made: {e.Message}");
        }
    }

    public static PostgresDirectory Kept(string path)
    {
        var root = Path.GetFullPath(path);
        var lockFile = Path.Combine(root, LockName);
        try
        {
            CreateForOwnerOnly(root);
            // In this order: another process may be making it at this moment, and begins with the lock.
            if (Directory.EnumerateFileSystemEntries(root).Any() && !File.Exists(lockFile))
            {
                throw new DirectoryUnusableException($"{root} holds something else. Choose an empty directory for the data, or a new one.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DirectoryUnusableException($"{root} cannot be made or read: {e.Message}", e);
        }

        var directory = new PostgresDirectory(root, Lock(root, lockFile));
        try
        {
            return Prepared(Held(directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DirectoryUnusableException)
        {
            directory.Dispose();
            throw e as DirectoryUnusableException
                ?? new DirectoryUnusableException($"{root} is damaged or cannot be written to: {e.Message} Mend it, restore it from a backup, or choose another directory.", e);
        }
    }

    private static FileStream Lock(string root, string lockFile)
    {
        try
        {
            return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DirectoryUnusableException($"{root} cannot be written to: {e.Message}", e);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            if (!IsLocked(e))
            {
                // Read-only, full or broken.
                throw new DirectoryUnusableException($"{root} cannot be written to: {e.Message}", e);
            }

            throw new DirectoryInUseException(
                $"{root} is in use by {Holder(root) ?? "another process"}. Stop that one first, or choose another directory for the data.", e);
        }
    }

    /// <summary>Whether it is somebody's lock that keeps a file from being opened: EWOULDBLOCK on Linux or macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsLocked(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>The port and the password of the server that another process runs in this directory; null when none is running yet or any more.</summary>
    public static (int Port, string Password)? FindRunning(string path)
    {
        try
        {
            var root = Path.GetFullPath(path);
            // The fourth line of the file is the port: https://www.postgresql.org/docs/current/storage-file-layout.html.
            var port = File.ReadLines(Path.Combine(root, "data", "postmaster.pid")).ElementAtOrDefault(3);
            return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (number, File.ReadAllText(Path.Combine(root, "password")))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The server of a process that was killed may still be on its way out.</summary>
    public async Task WaitForPreviousServerAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (PreviousServerRuns() && time.GetElapsedTime(started) < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    /// <summary>Gives up the directory, and removes it if it is a temporary one.</summary>
    public void Dispose()
    {
        if (_lock is not null)
        {
            _lock.Dispose();
        }
        else if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static PostgresDirectory Prepared(PostgresDirectory directory)
    {
        if (directory.MajorVersion is null)
        {
            WriteForOwnerOnly(directory.PasswordFile, RandomNumberGenerator.GetHexString(32, lowercase: true));
        }
        directory.Password = File.ReadAllText(directory.PasswordFile);
        if (File.Exists(directory.LogFile))
        {
            File.Move(directory.LogFile, Path.Combine(directory.Root, "server.previous.log"), overwrite: true);
        }
        return directory;
    }

    /// <summary>Notes whose it is, for the message to others: the lock itself cannot be read by them.</summary>
    private static PostgresDirectory Held(PostgresDirectory directory)
    {
        WriteForOwnerOnly(Path.Combine(directory.Root, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return directory;
    }

    private static string? Holder(string root)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(root, HolderName)), CultureInfo.InvariantCulture));
            return $"process {process.Id.ToString(CultureInfo.InvariantCulture)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            // It is just coming or going.
            return null;
        }
    }

    private static void CreateForOwnerOnly(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    private static void WriteForOwnerOnly(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }

    private bool PreviousServerRuns()
    {
        try
        {
            var firstLine = File.ReadLines(Path.Combine(Data, "postmaster.pid")).FirstOrDefault();
            using var process = Process.GetProcessById(int.Parse(firstLine ?? "", CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return false;
        }
    }
}
