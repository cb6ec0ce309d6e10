using System.Threading.Channels;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DoSnapshot.Hosting.Leadership;

/// <summary>What the leading planner answered.</summary>
/// <param name="Failure">What kept it from deciding; null when it has decided.</param>
public sealed record PlannerAnswer(string? Failure);

/// <summary>
/// The way to have the leading planner decide at once, through the log's database alone: a notification with an id, answered on another channel when
/// it is taken up and when it is done. Nothing is kept of it, so that a planner that comes later is not asked.
/// </summary>
public static class PlannerCalls
{
    private const string Questions = "do_snapshot_decide_now";
    private const string Answers = "do_snapshot_decided";
    private const string Taken = "taken";
    private const string Done = "done";
    private const int LongestReason = 1000;

    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>A planner that is at it says so this often.</summary>
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(3);

    /// <summary>One that says nothing for so long has died, or leads no longer.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Asks.</summary>
    /// <param name="connectionString">The log's database.</param>
    /// <param name="takenWithin">A planner that leads takes a call up within this time.</param>
    /// <param name="ct">Ends the wait for the answer; the planner goes on.</param>
    /// <returns>The answer; null when nobody took it up, or whoever did was heard of no more.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<PlannerAnswer?> AskAsync(string connectionString, TimeSpan takenWithin, CancellationToken ct)
    {
        var id = Guid.NewGuid().ToString("N");
        await using var session = await ListenAsync(connectionString, Answers, ct);
        var answers = Channel.CreateUnbounded<string>();
        session.Notification += (_, answer) =>
        {
            if (answer.Payload.StartsWith($"{id} ", StringComparison.Ordinal))
            {
                answers.Writer.TryWrite(answer.Payload[(id.Length + 1)..]);
            }
        };
        await NotifyAsync(session, Questions, id, ct);
        var answer = await NextAsync(session, answers.Reader, takenWithin, ct);
        while (string.Equals(answer, Taken, StringComparison.Ordinal))
        {
            answer = await NextAsync(session, answers.Reader, LongestSilence, ct);
        }

        return answer is null ? null : new PlannerAnswer(string.Equals(answer, Done, StringComparison.Ordinal) ? null : answer);
    }

    /// <summary>Answers every call until cancelled. A database that is away is waited for.</summary>
    /// <param name="connectionString">The log's database.</param>
    /// <param name="decide">Compares and decides; what it throws is the answer.</param>
    /// <param name="logger">Told when listening fails.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task AnswerAsync(string connectionString, Func<CancellationToken, Task> decide, ILogger logger, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await AnswerOnOneSessionAsync(connectionString, decide, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
            {
                logger.CallsNotHeard(e.GetBaseException().Message);
                await Task.Delay(ListenAgainAfter, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task AnswerOnOneSessionAsync(string connectionString, Func<CancellationToken, Task> decide, CancellationToken ct)
    {
        await using var session = await ListenAsync(connectionString, Questions, ct);
        var calls = Channel.CreateUnbounded<string>();
        session.Notification += (_, call) => calls.Writer.TryWrite(call.Payload);
        while (true)
        {
            if (!calls.Reader.TryPeek(out _))
            {
                await session.WaitAsync(ct);
            }

            // All that have come meanwhile are answered by one decision.
            var ids = new List<string>();
            while (calls.Reader.TryRead(out var id))
            {
                ids.Add(id);
            }

            await TellAsync(session, ids, Taken, ct);
            if (ids.Count > 0)
            {
                await DecideAsync(session, ids, decide, ct);
            }
        }
    }

    private static async Task DecideAsync(NpgsqlConnection session, List<string> ids, Func<CancellationToken, Task> decide, CancellationToken ct)
    {
        var decided = DecideAsync(decide, ct);
        while (await Task.WhenAny(decided, Task.Delay(SignOfLifeEvery, TimeProvider.System, CancellationToken.None)) != decided)
        {
            await TellAsync(session, ids, Taken, CancellationToken.None);
        }

        await TellAsync(session, ids, await decided, CancellationToken.None);
    }

    private static async Task TellAsync(NpgsqlConnection session, List<string> ids, string answer, CancellationToken ct)
    {
        foreach (var id in ids)
        {
            await NotifyAsync(session, Answers, $"{id} {answer}", ct);
        }
    }

    private static async Task<string> DecideAsync(Func<CancellationToken, Task> decide, CancellationToken ct)
    {
        try
        {
            await decide(ct);
            return Done;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return "it stopped leading meanwhile; run the command again";
        }
#pragma warning disable CA1031 // Whatever it was, whoever asked is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var reason = Redaction.Mask(e.Message);
            return reason.Length <= LongestReason ? reason : reason[..LongestReason];
        }
    }

    private static async Task<NpgsqlConnection> ListenAsync(string connectionString, string channel, CancellationToken ct)
    {
        var session = new NpgsqlConnection(LogConnection.ForListening(connectionString));
        try
        {
            await session.OpenAsync(ct);
            await using var listen = new NpgsqlCommand($"listen {channel}", session);
            await listen.ExecuteNonQueryAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static async Task NotifyAsync(NpgsqlConnection session, string channel, string payload, CancellationToken ct)
    {
        await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", session)
        {
            Parameters = { new NpgsqlParameter { Value = channel }, new NpgsqlParameter { Value = payload } },
        };
        await notify.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The next answer; null when none comes in time.</summary>
    private static async Task<string?> NextAsync(NpgsqlConnection session, ChannelReader<string> answers, TimeSpan within, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        try
        {
            while (true)
            {
                if (answers.TryRead(out var answer))
                {
                    return answer;
                }

                await session.WaitAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
