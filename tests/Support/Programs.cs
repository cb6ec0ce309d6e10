namespace DoSnapshot.Tests.Support;

/// <summary>
/// Where the programs are that tests start as processes. <c>./test</c> compiles them ahead and says where: hundreds are started, and most of what a start costs is
/// compiling. Else they are those beside the tests.
/// </summary>
public static class Programs
{
    /// <summary>The path of a program.</summary>
    /// <param name="file">Its file, such as <c>do-snapshot.dll</c>.</param>
    public static string PathOf(string file) =>
        Path.Combine(Environment.GetEnvironmentVariable("DOSNAPSHOT_TESTS_PROGRAMS") is { Length: > 0 } folder ? folder : AppContext.BaseDirectory, file);
}
