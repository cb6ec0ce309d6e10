namespace DoSnapshot.Sandbox;

/// <summary>What can go wrong between a client and the API. In JSON and in the configuration: <c>cut-after</c> and so on.</summary>
public enum SandboxFaultKind
{
    /// <summary>
    /// The request reaches the account late, by the account's clock; then it takes effect even if its sender has long given up.
    /// </summary>
    SlowRequest,

    /// <summary>It takes effect at once; the answer comes late.</summary>
    SlowAnswer,

    /// <summary>The connection breaks before the account hears anything: no effect, no answer, and it counts for no limit.</summary>
    CutBefore,

    /// <summary>It takes effect, and the connection breaks before the answer.</summary>
    CutAfter,

    /// <summary>It takes effect; the connection breaks in the middle of the answer's body, whose whole length was told.</summary>
    CutInBody,

    /// <summary>It takes effect; of the JSON only the first half comes, as if that were all.</summary>
    TruncatedJson,

    /// <summary>A server error in JSON, and no effect.</summary>
    ErrorBefore,

    /// <summary>It takes effect, and the answer is a server error in JSON.</summary>
    ErrorAfter,

    /// <summary>A page of the vendor's edge instead of JSON (observed as 504), and no effect.</summary>
    HtmlBefore,

    /// <summary>It takes effect, and the answer is a page of the vendor's edge (observed as 504).</summary>
    HtmlAfter,

    /// <summary>A 429 of the hour: <c>ratelimit-remaining</c> is 0, <c>ratelimit-reset</c> lies ahead, no <c>retry-after</c>. No effect.</summary>
    HourlyLimit,

    /// <summary>A 429 of the minute, with <c>retry-after</c>. No effect.</summary>
    BurstLimit,

    /// <summary>A list of droplets, snapshots, images or actions as it was some time ago.</summary>
    StaleList,
}
