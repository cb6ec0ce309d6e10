using Microsoft.Extensions.Logging;

namespace DoSnapshot.Services.Tests;

/// <summary>Keeps what is said, with its level.</summary>
internal class RecordingLogger : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel}: {formatter(state, exception)}");
}

/// <summary>The same for a class that asks for its own.</summary>
internal sealed class RecordingLogger<T> : RecordingLogger, ILogger<T>
{
}
