using System.Security.Authentication;
using Polly.Timeout;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What came back from a request after its attempts.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A whole HTTP answer, of whatever status.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Body">All of it; may be empty.</param>
    /// <param name="RequestId">From the x-request-id header.</param>
    /// <param name="RetryAfter">The wait that the headers ask for, see <see cref="Throttle.Hint"/>.</param>
    internal sealed record Received(int Status, byte[] Body, string? RequestId, TimeSpan? RetryAfter) : Answer
    {
        internal bool IsSuccess => Status is >= 200 and < 300;

        internal bool IsTransient => MayPass(Status);
    }

    /// <summary>No whole answer.</summary>
    /// <param name="WasSent">False only where it is certain that nothing of the request left this machine.</param>
    /// <param name="Cause">The failure of the last attempt.</param>
    internal sealed record Missing(bool WasSent, Exception Cause) : Answer
    {
        /// <summary>For people; the cause's own words are to be masked.</summary>
        internal string Describe() => Cause switch
        {
            TimeoutRejectedException timeout => $"no answer within {timeout.Timeout.TotalSeconds} s",
            OperationCanceledException => "no answer within the connection's own time limit",
            { InnerException: AuthenticationException secure } => $"no connection that is secure: {secure.Message}",
            _ when WasSent => $"the connection broke: {Cause.Message}",
            _ => $"no connection: {Cause.Message}",
        };
    }

    /// <summary>Whether the same request may fare better later. 501 says that the server cannot do it at all.</summary>
    internal static bool MayPass(int status) => status is 408 or 429 or (>= 500 and not 501);
}
