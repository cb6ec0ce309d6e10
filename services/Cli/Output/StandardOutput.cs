using System.Text;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Output;

/// <summary>
/// The standard output for a command that writes much: in blocks rather than line by line, and what goes wrong with it is one line on stderr.
/// A reader that has seen enough (<c>| head</c>) is nothing wrong.
/// </summary>
internal static class StandardOutput
{
    /// <summary>Runs a command that writes to the standard output.</summary>
    /// <param name="command">Writes to the writer it is given and returns the exit code.</param>
    /// <returns>Its exit code, or 1 where the output takes nothing.</returns>
    public static int Run(Func<TextWriter, int> command) => Run(Console.OpenStandardOutput(), command, Console.Error);

    /// <summary>Runs a command that writes to a stream.</summary>
    internal static int Run(Stream stream, Func<TextWriter, int> command, TextWriter errors)
    {
        var faulty = new FaultNotingStream(stream);
        try
        {
            using var output = new StreamWriter(faulty, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 16_384);
            return command(output);
        }
        catch (Exception e) when (ReferenceEquals(e, faulty.Fault))
        {
            errors.WriteLine($"{Usage.Program}: the output cannot be written: {e.Message}");
            return ExitCodes.Failed;
        }
    }
}
