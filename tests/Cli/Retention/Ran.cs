using System.Text.Json;
using DoSnapshot.Cli.Retention;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Cli.Tests.Retention;

/// <summary>How a command ended and what it wrote.</summary>
internal sealed record Ran(int Code, string Output, string Errors)
{
    /// <summary>What the clock of every run says.</summary>
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public string[] Lines => Output.ReplaceLineEndings("\n").Split('\n');

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Ran Simulate(SimulateOptions options) => Of((output, errors) => SimulateCommand.Run(options, output, errors, new FakeTimeProvider(Now)));

    public static Ran Lint(LintOptions options) => Of((output, errors) => LintCommand.Run(options, output, errors));

    public static Ran Retention(RetentionOptions options, string input = "")
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input));
        return Retention(options, stream);
    }

    public static Ran Retention(RetentionOptions options, Stream input) =>
        Of((output, errors) => RetentionCommand.Run(options, input, output, errors, new FakeTimeProvider(Now)));

    public static Ran Retention(RetentionOptions options, params DropletSnapshots[] droplets) =>
        Of((output, errors) => RetentionCommand.Run(options, droplets, output, errors, new FakeTimeProvider(Now)));

    /// <summary>Wrong usage: exit code 2, nothing on the output, one line that begins like this.</summary>
    public void IsRefused(string beginning)
    {
        Assert.Equal(2, Code);
        Assert.Empty(Output);
        Assert.StartsWith($"do-snapshot: {beginning}", Errors, StringComparison.Ordinal);
        Assert.Equal(Errors.TrimEnd() + Environment.NewLine, Errors);
        Assert.DoesNotContain('\n', Errors.TrimEnd());
    }

    private static Ran Of(Func<TextWriter, TextWriter, int> run)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = run(output, errors);
        return new Ran(code, output.ToString(), errors.ToString());
    }
}
