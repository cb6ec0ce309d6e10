using System.Globalization;

namespace DoSnapshot.Cli.Output;

/// <summary>Writes lines such as <c>2026-03-01 12:00:00,123 [INFO] …</c>, in local time, as do-snapshot.py writes them.</summary>
internal sealed class StderrSink : ILineSink
{
    private readonly Lock gate = new();
    private readonly TextWriter writer;
    private readonly TimeProvider clock;

    /// <summary>A sink over a writer, which it does not close.</summary>
    public StderrSink(TextWriter writer, TimeProvider clock)
    {
        this.writer = writer;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public void Write(LogLevel level, string message)
    {
        lock (gate)
        {
            // Read under the lock, so that times run in the order of the lines.
            var time = clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
            try
            {
                writer.WriteLine($"{time} [{NameOf(level)}] {message}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk or a closed stderr: what is to be done matters more than that it is told.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The writer is its owner's.
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Critical => "CRITICAL",
        _ => "ERROR",
    };
}
