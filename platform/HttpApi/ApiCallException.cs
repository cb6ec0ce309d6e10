namespace DoSnapshot.HttpApi;

/// <summary>What became of a call that had no answer.</summary>
public enum ApiCallFailure
{
    /// <summary>Nothing could be reached at the address, or the connection was cut.</summary>
    Unreachable,

    /// <summary>There was no answer in time.</summary>
    Late,
}

/// <summary>There was no answer.</summary>
public sealed class ApiCallException : Exception
{
    /// <summary>It is so.</summary>
    /// <param name="failure">What became of it.</param>
    /// <param name="why">The network's own words; for a late one, nothing.</param>
    /// <param name="limit">How long was waited at most.</param>
    /// <param name="neverArrived">Whether the request certainly reached nobody.</param>
    /// <param name="inner">What was thrown.</param>
    public ApiCallException(ApiCallFailure failure, string why, TimeSpan limit, bool neverArrived, Exception inner)
        : base(failure is ApiCallFailure.Late ? "the API has not answered in time" : $"the API cannot be reached: {why}", inner)
    {
        (Failure, Why, Limit, NeverArrived) = (failure, why, limit, neverArrived);
    }

    /// <summary>What became of it.</summary>
    public ApiCallFailure Failure { get; }

    /// <summary>The network's own words, without a full stop.</summary>
    public string Why { get; }

    /// <summary>How long was waited at most.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Whether the request certainly reached nobody, so that nothing was done.</summary>
    public bool NeverArrived { get; }
}
