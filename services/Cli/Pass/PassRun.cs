using System.Runtime.InteropServices;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Output;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;

namespace DoSnapshot.Cli.Pass;

/// <summary>A pass as a process runs it: its log, its connection, its end.</summary>
internal static class PassRun
{
    /// <summary>Runs a pass.</summary>
    /// <param name="options">What is to be done.</param>
    /// <param name="environment">A variable's value; null when it is not set.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Nothing was done, as something is missing that the options need.</exception>
    public static async Task<int> RunAsync(PassOptions options, Func<string, string?> environment)
    {
        var clock = TimeProvider.System;
        var token = ApiToken.Read(options.Token, environment);
        var connection = Connect(token, options.ApiUrl, options.AllowPlainHttp);
        using var sink = OpenSink(options, environment, clock);
        var logger = new CommandLogger(sink, options.Verbose || options.DryRun ? LogLevel.Debug : LogLevel.Information);
        foreach (var warning in token.Warnings)
        {
            logger.AboutToken(warning);
        }

        using var stop = new CancellationTokenSource();
        var code = ExitCodes.Interrupted;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, ExitCodes.Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, ExitCodes.Terminated));
        using var handler = DigitalOceanClient.CreateHandler();
        try
        {
            // A dry run changes nothing, and a log that is kept has turns of its own.
            return await RunAsync(
                options,
                connection,
                handler,
                clock,
                logger,
                stop.Token,
                options.DryRun || options.Log is not null ? null : ct => PassTurn.TakeAsync(token.Value, clock, logger, ct));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            logger.Interrupted();
            return code;
        }

        void Stop(PosixSignalContext signal, int with)
        {
            signal.Cancel = true;
            code = with;
            stop.Cancel();
        }
    }

    /// <summary>Runs a pass over a connection.</summary>
    public static async Task<int> RunAsync(
        PassOptions options,
        DigitalOceanOptions connection,
        HttpMessageHandler handler,
        TimeProvider clock,
        CommandLogger logger,
        CancellationToken ct,
        Func<CancellationToken, Task<PassTurn>>? takeTurn = null)
    {
        using var http = new HttpClient(options.DryRun ? new ReadOnlyHandler(handler) : handler, disposeHandler: false)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var api = new DigitalOceanClient(http, connection, clock, logger);
        if (options.Log is not null)
        {
            return await new KeptPass(options, api, clock, logger).RunAsync(ct);
        }

        var context = new PassContext(options, new InMemoryEventLog(clock), api, clock, logger) { TakeTurn = takeTurn };
        await new AccountPass(context).RunAsync(ct);
        return context.Tally.Failures == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>How to speak to the API.</summary>
    /// <exception cref="UsageException">The address or the token cannot be used; the message names its option.</exception>
    public static DigitalOceanOptions Connect(ApiToken token, Uri? apiUrl, bool allowPlainHttp)
    {
        var connection = new DigitalOceanOptions { Token = token.Value, AllowPlainHttp = allowPlainHttp };
        if (apiUrl is not null)
        {
            connection.ApiUrl = apiUrl;
        }

        return connection.Problems() is [var problem, ..] ? throw new UsageException(InOurWords(problem, token)) : connection;
    }

    /// <summary>Names the option, or the variable, where the client names its setting.</summary>
    private static string InOurWords(string problem, ApiToken token) => problem
        .Replace(nameof(DigitalOceanOptions.AllowPlainHttp), CommandOptions.AllowPlainHttp.Display, StringComparison.Ordinal)
        .Replace(nameof(DigitalOceanOptions.ApiUrl), CommandOptions.ApiUrl.Display, StringComparison.Ordinal)
        .Replace(nameof(DigitalOceanOptions.Token), token.GivenBy, StringComparison.Ordinal);

    private static ILineSink OpenSink(PassOptions options, Func<string, string?> environment, TimeProvider clock)
    {
        var stderr = new StderrSink(Console.Error, clock);
        return options.Syslog ? SyslogSink.Connect(environment, clock, stderr) : stderr;
    }
}
