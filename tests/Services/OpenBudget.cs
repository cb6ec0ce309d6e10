using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Services.Tests;

/// <summary>A budget that gives whatever is asked for, and notes for what.</summary>
internal sealed class OpenBudget : IRequestBudget
{
    private readonly List<RequestPurpose> _asked = [];

    public ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct)
    {
        _asked.Add(purpose);
        return ValueTask.FromResult<TimeSpan?>(null);
    }

    public void Tell(RateLimit told)
    {
    }

    public void Refuse(TimeSpan? wait)
    {
    }

    /// <summary>How many were asked for this since the last time that anybody asked about it.</summary>
    public int Take(RequestPurpose purpose) => _asked.RemoveAll(asked => asked == purpose);
}
