using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Output;

/// <summary>Brings log messages to a sink, one line each. Also the client's, which tells of repeated requests.</summary>
internal sealed class CommandLogger : ILogger<DigitalOceanClient>
{
    private readonly ILineSink sink;
    private readonly LogLevel least;

    /// <summary>A logger of messages of at least this level.</summary>
    public CommandLogger(ILineSink sink, LogLevel least)
    {
        this.sink = sink;
        this.least = least;
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
        {
            // A name may hold anything; a line is a line.
            sink.Write(logLevel, ShownText.Of(formatter(state, exception)));
        }
    }
}
