using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>The token's requests, shared out by the rules of the product, whose books are in memory here.</summary>
internal sealed class SimBudget(Sim sim) : IRequestBudget
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset At, RequestPurpose Purpose)> _taken = new();
    private readonly Queue<DateTimeOffset> _ofMinute = new();
    private int _limit = BudgetRules.DocumentedHour;
    private int _comparing;
    private int _foreign;
    private DateTimeOffset _heldUntil = DateTimeOffset.MinValue;

    public ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct)
    {
        sim.CheckThread();
        var now = sim.Now;
        Forget(now);
        if (_heldUntil > now)
        {
            return new ValueTask<TimeSpan?>(_heldUntil - now < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : _heldUntil - now);
        }

        var use = new BudgetUse(
            _limit,
            _ofMinute.Count,
            _taken.Count,
            _comparing,
            _foreign,
            _ofMinute.TryPeek(out var oldest) ? oldest + Minute - now : TimeSpan.Zero,
            _taken.TryPeek(out var first) ? first.At + Hour - now : TimeSpan.Zero);
        var grant = BudgetRules.Grant(use, purpose, 1);
        if (grant.Requests == 0)
        {
            return new ValueTask<TimeSpan?>(grant.Wait);
        }

        _taken.Enqueue((now, purpose));
        _ofMinute.Enqueue(now);
        _comparing += purpose is RequestPurpose.Reconciliation ? 1 : 0;
        return new ValueTask<TimeSpan?>((TimeSpan?)null);
    }

    public void Tell(RateLimit told)
    {
        Forget(sim.Now);
        _limit = told.Limit is > 0 and var stated ? stated : _limit;
        _foreign = told.Remaining is { } remaining ? Math.Max(0, _limit - remaining - _taken.Count) : _foreign;
    }

    public void Refuse(TimeSpan? wait)
    {
        var until = sim.Now + (wait < Minute ? wait.Value : Minute);
        _heldUntil = until > _heldUntil ? until : _heldUntil;
    }

    private void Forget(DateTimeOffset now)
    {
        // A request may be on its way for a while, and counts there when it arrives.
        var late = TimeSpan.FromSeconds(5);
        while (_taken.TryPeek(out var oldest) && oldest.At <= now - Hour - late)
        {
            _comparing -= _taken.Dequeue().Purpose is RequestPurpose.Reconciliation ? 1 : 0;
        }

        while (_ofMinute.TryPeek(out var oldest) && oldest <= now - Minute - late)
        {
            _ofMinute.Dequeue();
        }
    }
}
