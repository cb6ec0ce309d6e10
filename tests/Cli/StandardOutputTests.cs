using DoSnapshot.Cli.Output;

namespace DoSnapshot.Cli.Tests;

/// <summary>What a command writes to the standard output, and what becomes of it where that takes nothing.</summary>
public sealed class StandardOutputTests
{
    [Fact]
    public void Passes_on_what_is_written_and_the_exit_code()
    {
        using var taken = new MemoryStream();
        using var errors = new StringWriter();

        var code = StandardOutput.Run(taken, output => Write(output, 5_000), errors);

        Assert.Equal((7, ""), (code, errors.ToString()));
        Assert.Equal(string.Concat(Enumerable.Repeat("línea\n", 5_000)), System.Text.Encoding.UTF8.GetString(taken.ToArray()).ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    public void An_output_that_takes_nothing_is_exit_1_and_one_line(int lines)
    {
        using var full = new FullDisk();
        using var errors = new StringWriter();

        var code = StandardOutput.Run(full, output => Write(output, lines), errors);

        Assert.Equal((1, "do-snapshot: the output cannot be written: no room"), (code, errors.ToString().TrimEnd()));
        Assert.Equal(1, full.Writes);
    }

    [Fact]
    public void What_else_goes_wrong_is_not_the_outputs_fault() => Assert.Throws<IOException>(() =>
    {
        using var taken = new MemoryStream();
        StandardOutput.Run(taken, _ => throw new IOException("a file"), TextWriter.Null);
    });

    [Theory]
    [InlineData("-s", "1d", "--simulate", "4h:3m")]
    [InlineData("lint", "-s", "1d", "-k", "1w:1w")]
    public async Task A_full_disk_is_no_crash(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");

        var (code, _, errors) = await CommandProcess.RunIntoAsync("/dev/full", arguments);

        Assert.Equal(1, code);
        Assert.StartsWith("do-snapshot: the output cannot be written: ", errors.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static int Write(TextWriter output, int lines)
    {
        for (var line = 0; line < lines; line++)
        {
            output.WriteLine("línea");
        }

        return 7;
    }

    private sealed class FullDisk : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            throw new IOException("no room");
        }
    }
}
