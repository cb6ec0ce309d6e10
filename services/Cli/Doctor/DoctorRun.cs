using DoSnapshot.Cli.Output;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Runs every check, whatever becomes of the others.</summary>
internal static class DoctorRun
{
    /// <summary>A check asks a few things at once, each of which has its own limit; a large account's droplets have many pages.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly ICheck[] Checks =
    [
        new SettingsCheck(), new TokenCheck(), new ApiCheck(), new AccountCheck(), new ReadingCheck(), new WritingCheck(), new ClockCheck(), new PlansCheck(),
        new RegionsCheck(), new DropletsCheck(), new DatabaseCheck(), new LogCheck(), new LeaderCheck(), new BrokerCheck(), new BudgetCheck(),
    ];

    /// <summary>Examines an installation and says how it stands.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">The environment.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="Arguments.UsageException">An option cannot be understood, or nothing says what is to be examined.</exception>
    public static async Task<int> RunAsync(DoctorOptions options, IConfiguration configuration, CancellationToken ct)
    {
        var settings = DoctorSettings.Read(options, configuration);
        using var handler = DigitalOceanClient.CreateHandler();
        var examined = await ExamineAsync(settings, handler, TimeProvider.System, ct);
        return StandardOutput.Run(output => DoctorOutput.Write(examined, options.Json, output));
    }

    /// <summary>Examines an installation.</summary>
    /// <param name="settings">What is examined.</param>
    /// <param name="handler">The way to the API; only what is harmless goes it.</param>
    /// <param name="clock">This machine's clock, which is examined too.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<IReadOnlyList<Examined>> ExamineAsync(
        DoctorSettings settings, HttpMessageHandler handler, TimeProvider clock, CancellationToken ct)
    {
        using var http = new HttpClient(new HarmlessHandler(handler, settings.ProbesWrites), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        await using var installation = await Installation.LookAsync(settings, http, clock, ct);
        var last = Checks[^1];
        var results = (await Task.WhenAll(Checks.SkipLast(1).Select(check => RunAsync(check, installation, ct)))).ToList();
        // What is left of the requests, when all others have made theirs.
        results.Add(await RunAsync(last, installation, ct));
        return [.. results.SelectMany(r => r).Select(r => Shown(r, settings.Token.Value?.Value))];
    }

    private static async Task<IEnumerable<Examined>> RunAsync(ICheck check, Installation installation, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        IReadOnlyList<CheckResult> results;
        try
        {
            results = await check.RunAsync(installation, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            results = [CheckResult.Wrong($"it took longer than {Limit.TotalSeconds:0} s", "Try again; see to the network")];
        }
#pragma warning disable CA1031 // One check that fails in a way nobody thought of must not hide what the others found.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            results = [CheckResult.Wrong($"the check itself failed: {e.GetBaseException().Message}", "Tell the makers of this program")];
        }

        return results.Select(r => new Examined(check.Name, r));
    }

    /// <summary>Whatever a server says: on one line, and without the token.</summary>
    private static Examined Shown(Examined found, string? token) => found with
    {
        Result = found.Result with { Detail = Text(found.Result.Detail, token), WhatToDo = found.Result.WhatToDo is { } todo ? Text(todo, token) : null },
    };

    private static string Text(string text, string? token) => ShownText.Of(Redaction.Mask(text, token));
}
