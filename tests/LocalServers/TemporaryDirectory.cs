namespace DoSnapshot.LocalServers.Tests;

/// <summary>A directory for one test, open to the user that a server runs as.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("do-snapshot-test-").FullName;

    public TemporaryDirectory()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A directory with shell scripts that stand in for initdb and postgres.</summary>
    public string Programs(string name, string initDb, string postgres)
    {
        var directory = Directory.CreateDirectory(this[name]).FullName;
        Script(System.IO.Path.Combine(directory, "initdb"), initDb);
        Script(System.IO.Path.Combine(directory, "postgres"), postgres);
        return directory;
    }

    /// <summary>The same with scripts that do nothing but say their version.</summary>
    public string Programs(string name, string version) =>
        Programs(name, $"echo 'initdb (PostgreSQL) {version}'", $"echo 'postgres (PostgreSQL) {version} (Debian {version}-1)'");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void Script(string path, string body)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }
}
