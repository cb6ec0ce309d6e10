using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>
/// The token's requests, shared out by the platform's own rules to all processes. The books are in memory and give out one request at a time; the
/// platform's are in PostgreSQL and give out blocks, each of which counts for as long as it may be used.
/// </summary>
internal sealed class MemoryBudget(TimeProvider clock) : IRequestBudget
{
    private static readonly TimeSpan Straggling = SharedRequestBudget.BlockLife + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1) + Straggling;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1) + Straggling;

    private readonly Queue<DateTimeOffset> _minute = new();
    private readonly Queue<(DateTimeOffset At, RequestPurpose Purpose)> _hour = new();
    private int _comparing;
    private int _limit = BudgetRules.DocumentedHour;
    private DateTimeOffset _heldUntil;

    /// <summary>How often somebody was told to wait.</summary>
    public long Refusals { get; private set; }

    public ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        Forget(now);
        if (now < _heldUntil)
        {
            return Wait(_heldUntil - now);
        }

        var minuteFrees = _minute.TryPeek(out var first) ? first + Minute - now : TimeSpan.Zero;
        var hourFrees = _hour.TryPeek(out var oldest) ? oldest.At + Hour - now : TimeSpan.Zero;
        var use = new BudgetUse(_limit, _minute.Count, _hour.Count, _comparing, Foreign: 0, minuteFrees, hourFrees);
        var grant = BudgetRules.Grant(use, purpose, wanted: 1);
        if (grant.Requests == 0)
        {
            return Wait(grant.Wait);
        }

        _minute.Enqueue(now);
        _hour.Enqueue((now, purpose));
        _comparing += purpose is RequestPurpose.Reconciliation ? 1 : 0;
        return ValueTask.FromResult<TimeSpan?>(null);
    }

    public void Tell(RateLimit told) => _limit = told.Limit is > 0 and var limit ? limit : _limit;

    public void Refuse(TimeSpan? wait)
    {
        var hold = wait < TimeSpan.FromMinutes(1) ? wait.Value : TimeSpan.FromMinutes(1);
        _heldUntil = clock.GetUtcNow() + hold;
    }

    private ValueTask<TimeSpan?> Wait(TimeSpan wait)
    {
        Refusals++;
        // As the platform's: whoever was refused asks again within seconds.
        return ValueTask.FromResult<TimeSpan?>(wait < SharedRequestBudget.BlockLife ? wait : SharedRequestBudget.BlockLife);
    }

    private void Forget(DateTimeOffset now)
    {
        while (_minute.TryPeek(out var first) && first <= now - Minute)
        {
            _minute.Dequeue();
        }

        while (_hour.TryPeek(out var first) && first.At <= now - Hour)
        {
            _comparing -= _hour.Dequeue().Purpose is RequestPurpose.Reconciliation ? 1 : 0;
        }
    }
}
