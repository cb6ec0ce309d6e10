namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>How long the way back took: for the test's output and, where a variable names one, a line in a file.</summary>
internal static class Figures
{
    private const string FileVariable = "DOSNAPSHOT_TESTS_FIGURES_FILE";

    public static void Record(string fault, string whom, TimeSpan took)
    {
        var line = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{whom}\t{fault}\t{took.TotalSeconds:0.0}");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
        {
            File.AppendAllText(file, line + '\n');
        }
    }
}
