namespace DoSnapshot.Sandbox;

/// <summary>Answers requests, and lets no answer go before what it tells is kept. Keeps the rest when the process ends.</summary>
internal sealed partial class SandboxKeeper(SandboxApi api, SandboxStore store, ILogger<SandboxKeeper> logger) : IHostedService
{
    public async Task<SandboxResponse> AnswerAsync(SandboxRequest request, SandboxFaultRule? fault)
    {
        var answer = api.Handle(request, fault);
        try
        {
            await store.KeepAsync(api.Account);
            return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It happened all the same, as it may at DigitalOcean: the client learns nothing of the outcome.
            LogNotKept(e, e.Message);
            return SandboxJson.Refusal(SandboxError.ServerError) with { Headers = answer.Headers };
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => store.KeepAsync(api.Account, cancellationToken);

    [LoggerMessage(1, LogLevel.Error, "The account could not be written to its file: {Why}")]
    private partial void LogNotKept(Exception exception, string why);
}
