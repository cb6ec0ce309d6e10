
namespace DoSnapshot.Cli.Output;

/// <summary>Where the command's log goes. Takes lines from several threads.</summary>
internal interface ILineSink : IDisposable
{
    /// <summary>Writes one message, which has no line end.</summary>
    void Write(LogLevel level, string message);
}
