using System.Globalization;
using System.Text.RegularExpressions;

namespace DoSnapshot.LocalServers;

/// <summary>PostgreSQL's programs on this machine.</summary>
/// <param name="Directory">The directory with <c>initdb</c> and <c>postgres</c> in it.</param>
/// <param name="Version">What <c>postgres --version</c> says.</param>
public sealed partial record PostgresBinaries(string Directory, Version Version)
{
    /// <summary>Names the directory to take, whatever else is installed.</summary>
    public const string DirectoryVariable = "DOSNAPSHOT_POSTGRES_BIN";

    /// <summary>The oldest major version that is taken.</summary>
    public const int OldestMajorVersion = 14;

    internal string InitDb => Path.Combine(Directory, Executable("initdb"));

    internal string Postgres => Path.Combine(Directory, Executable("postgres"));

    /// <summary>The newest PostgreSQL on this machine.</summary>
    /// <exception cref="LocalServerException">There is none; the message says what to install.</exception>
    public static PostgresBinaries Find() => Find(major: null);

    /// <summary>The newest PostgreSQL of the given major version, which existing data asks for.</summary>
    internal static PostgresBinaries Find(int? major)
    {
        var chosen = Environment.GetEnvironmentVariable(DirectoryVariable);
        if (!string.IsNullOrEmpty(chosen))
        {
            return At(chosen) ?? throw new LocalServerException(
                $"{DirectoryVariable} is '{chosen}', but initdb and postgres (version {OldestMajorVersion} or later) do not both answer there.");
        }
        return Newest(OnThePath().Concat(WellKnown()), major) ?? throw new LocalServerException(
            $"No PostgreSQL {major?.ToString(CultureInfo.InvariantCulture) ?? $"{OldestMajorVersion} or later"} is installed. {HowToInstall}");
    }

    internal static PostgresBinaries? Newest(IEnumerable<string> directories, int? major = null) =>
        directories.Distinct(StringComparer.Ordinal).Select(At).OfType<PostgresBinaries>()
            .Where(found => major is null || found.Version.Major == major)
            .MaxBy(found => found.Version);

    /// <summary>Both programs must answer, with the same version: a stub that stands in for a missing program does not.</summary>
    internal static PostgresBinaries? At(string directory)
    {
        var found = new PostgresBinaries(directory, new Version());
        return File.Exists(found.InitDb) && File.Exists(found.Postgres)
            && VersionOf(found.InitDb) is { } initDb && VersionOf(found.Postgres) is { } postgres
            && initDb == postgres && postgres.Major >= OldestMajorVersion
                ? found with { Version = postgres }
                : null;
    }

    internal static IEnumerable<string> OnThePath() => OnThePath(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>A link on the path is followed to the directory where the real programs lie side by side.</summary>
    internal static IEnumerable<string> OnThePath(string path) =>
        from directory in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        let initDb = new FileInfo(Path.Combine(directory, Executable("initdb")))
        where initDb.Exists
        select Path.GetDirectoryName(Real(initDb).FullName)!;

    private static FileSystemInfo Real(FileInfo file)
    {
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        }
        catch (IOException)
        {
            return file;
        }
    }

    private static IEnumerable<string> WellKnown()
    {
        if (OperatingSystem.IsWindows())
        {
            return Bins(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*");
        }
        return
        [
            .. Bins("/usr/lib/postgresql", "*"),
            .. Bins("/usr", "pgsql-*"),
            .. Bins("/opt/homebrew/opt", "postgresql*"),
            .. Bins("/usr/local/opt", "postgresql*"),
        ];
    }

    private static IEnumerable<string> Bins(string parent, string pattern) =>
        System.IO.Directory.Exists(parent)
            ? System.IO.Directory.EnumerateDirectories(parent, pattern).Select(found => Path.Combine(found, "bin"))
            : [];

    private static Version? VersionOf(string program)
    {
        var answer = Command.Run(program, "--version");
        var match = answer.Succeeded ? VersionInAnswer().Match(answer.Output) : Match.Empty;
        return match.Success
            ? new Version(
                int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["minor"].Success ? int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture) : 0)
            : null;
    }

    private static string Executable(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    private static string HowToInstall =>
        OperatingSystem.IsMacOS() ? "Install it: brew install postgresql@17"
        : OperatingSystem.IsWindows() ? "Install it: winget install PostgreSQL.PostgreSQL.17"
        : $"Install it: apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server (Fedora, RHEL), "
            + $"apk add postgresql (Alpine); or name its bin directory in {DirectoryVariable}.";

    // "postgres (PostgreSQL) 17.6 (Debian 17.6-0+deb13u1)", "initdb (PostgreSQL) 18beta1"
    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)(\.(?<minor>\d+))?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionInAnswer();
}
