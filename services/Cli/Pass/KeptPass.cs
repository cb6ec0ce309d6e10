using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.KeptLog;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// A run of the command on a log that is kept. One at a time is at work on a log: a run waits for an earlier one, and where a planner leads, that
/// planner decides.
/// </summary>
internal sealed class KeptPass
{
    private const string PassRole = "pass";
    private const string PlannerRole = "planner";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PassOptions options;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private bool toldOfWaiting;

    /// <summary>A run over these ports.</summary>
    public KeptPass(PassOptions options, IDigitalOcean api, TimeProvider clock, ILogger logger)
    {
        this.options = options;
        this.api = api;
        this.clock = clock;
        this.logger = logger;
    }

    private LogPlace Place => options.Log!;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">Nothing was done, as the options do not fit the log.</exception>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        try
        {
            return await InTurnAsync(options.DryRun ? DryRunAsync : LeadOrAskInTurnAsync, ct);
        }
        catch (DirectoryUnusableException e)
        {
            throw UsageException.For(CommandOptions.Data, Place.Directory, e.Message);
        }
        catch (Exception e) when (e is LocalServerException || OpenedLog.IsTheDatabases(e))
        {
            logger.LogCannotBeUsed(Place.ToString(), e.GetBaseException().Message);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Decides on a copy of what the log knows; nothing is written to it.</summary>
    private async Task<int?> DryRunAsync(OpenedLog opened, CancellationToken ct)
    {
        var asked = options;
        var plannerLeads = opened.ConnectionString.Length > 0 && await Lease.IsHeldByAsync(opened.ConnectionString, PlannerRole, ct);
        if (plannerLeads)
        {
            var plan = await PlannerPass.CheckAsync(opened.Log, options, plannerLeads: true, ct);
            asked = options with { Plan = options.Plan with { Name = plan } };
        }

        var copy = await InMemoryEventLog.CopyAsync(opened.Log, clock, ct);
        var context = new PassContext(asked, copy, api, clock, logger) { Past = opened.Log };
        await new LogPass(context, plannerLeads).RunAsync(ct);
        return CodeOf(context);
    }

    /// <summary>Tries until it is this run's turn.</summary>
    private async Task<int> InTurnAsync(Func<OpenedLog, CancellationToken, Task<int?>> run, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await TryAsync(run, ct) is { } code)
            {
                return code;
            }

            if (clock.GetElapsedTime(began) >= Patience)
            {
                logger.OthersTurn(Place.ToString(), Patience.TotalMinutes.ToString("0", CultureInfo.InvariantCulture));
                return ExitCodes.Failed;
            }

            if (!toldOfWaiting)
            {
                toldOfWaiting = true;
                logger.WaitingForTurn(Place.ToString());
            }

            await Task.Delay(TryAgainAfter, clock, ct);
        }
    }

    /// <summary>The exit code; null when it is another run's turn.</summary>
    private async Task<int?> TryAsync(Func<OpenedLog, CancellationToken, Task<int?>> run, CancellationToken ct)
    {
        OpenedLog? opened = null;
        try
        {
            opened = options.DryRun ? await OpenedLog.ReadAsync(Place, clock, ct) : await OpenedLog.OpenAsync(Place, clock, ct);
            return await run(opened, ct);
        }
        catch (DirectoryInUseException)
        {
            return null;
        }
        catch (Exception e) when (OpenedLog.IsTheDatabases(e) && Place.Directory is not null && opened is null or { IsBorrowed: true })
        {
            // The run whose server it was is over, or was just then.
            return null;
        }
        finally
        {
            await (opened?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task<int?> LeadOrAskInTurnAsync(OpenedLog opened, CancellationToken ct)
    {
        await using var turn = await Lease.TryTakeAsync(opened.ConnectionString, PassRole, PassRole, ct);
        return turn is null ? null : await LeadOrAskAsync(opened, turn, ct);
    }

    private async Task<int?> LeadOrAskAsync(OpenedLog opened, Lease turn, CancellationToken ct)
    {
        var context = new PassContext(options, opened.Log, api, clock, logger);
        await using var lead = await Lease.TryTakeAsync(opened.ConnectionString, PlannerRole, PassRole, ct);
        if (lead is null)
        {
            return await Lease.IsHeldByAsync(opened.ConnectionString, PlannerRole, ct)
                && await new PlannerPass(context, opened.ConnectionString).RunAsync(ct) ? CodeOf(context) : null;
        }

        if (opened.IsBorrowed)
        {
            // Between two runs: this one needs a server that lasts.
            return null;
        }

        using var hold = CancellationTokenSource.CreateLinkedTokenSource(ct, turn.Lost, lead.Lost);
        try
        {
            var notes = new NoticeBook(new PlatformOptions { LogConnectionString = opened.ConnectionString });
            await new LogPass(context, plannerLeads: false, notes).RunAsync(hold.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            logger.LogCannotBeUsed(Place.ToString(), lead.Reason ?? turn.Reason ?? "the connection was lost");
            return ExitCodes.Failed;
        }

        return CodeOf(context);
    }

    private static int CodeOf(PassContext context) => context.Tally.Failures == 0 ? ExitCodes.Done : ExitCodes.Failed;
}
