namespace DoSnapshot.Sandbox;

/// <summary>A refusal, in the vendor's words where they are known.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Id">The vendor's word for it.</param>
/// <param name="Message">What it says.</param>
public sealed record SandboxError(int Status, string Id, string Message)
{
    /// <summary>Not there, not there yet, or not there for this token (documented).</summary>
    public static SandboxError NotFound { get; } = new(404, "not_found", "The resource you were accessing could not be found.");

    /// <summary>The image action's body names no type (observed).</summary>
    public static SandboxError NoActionType { get; } = new(404, "not_found", "The specified action type is not available.");

    /// <summary>Missing or wrong token (documented).</summary>
    public static SandboxError Unauthorized { get; } = new(401, "unauthorized", "Unable to authenticate you.");

    /// <summary>The token may not do this (documented).</summary>
    public static SandboxError Forbidden { get; } = new(403, "forbidden", "You do not have access for the attempted action.");

    /// <summary>The token lacks a scope that the call needs (observed).</summary>
    public static SandboxError MissingScope { get; } = new(403, "forbidden", "You are not authorized to perform this operation");

    /// <summary>One event at a time for each droplet (observed).</summary>
    public static SandboxError PendingEvent { get; } = Unprocessable("Droplet already has a pending event.");

    /// <summary>The same, of droplets that have a tag (observed).</summary>
    public static SandboxError BlockingEvents { get; } =
        Unprocessable("there are currently blocking events processing for one or more of the droplets");

    /// <summary>The droplet must be off for this (observed).</summary>
    public static SandboxError DropletIsOn { get; } = Unprocessable("Droplet is currently on. Please power it off to run this event.");

    /// <summary>No such image, or none that a droplet can be made of there.</summary>
    public static SandboxError InvalidImage { get; } = Unprocessable("You specified an invalid image for Droplet creation.");

    /// <summary>The address of a snapshot, with the number of a backup or custom image (documented).</summary>
    public static SandboxError NotASnapshot { get; } = BadRequest("the resource is not a snapshot");

    /// <summary>Too many requests, in the hour or in the minute (documented).</summary>
    public static SandboxError TooManyRequests { get; } = new(429, "too_many_requests", "API Rate limit exceeded.");

    /// <summary>Something went wrong at the vendor's (documented).</summary>
    public static SandboxError ServerError { get; } = new(500, "server_error", "Unexpected server-side error");

    /// <summary>The address exists, but not for this method. Chosen: no description of this answer was found.</summary>
    public static SandboxError MethodNotAllowed { get; } = new(405, "method_not_allowed", "The method is not allowed for this resource.");

    /// <summary>A volume may have one snapshot taken in ten minutes. It is no limit of the token's (observed).</summary>
    public static SandboxError VolumeSnapshotTooSoon { get; } =
        new(429, "too_many_requests", "failed to create snapshot: this operation is rate-limited - one request per 10m0s");

    /// <summary>There is one with that name (observed).</summary>
    public static SandboxError Conflict(string message) => new(409, "conflict", message);

    /// <summary>Understood, but it cannot be done.</summary>
    public static SandboxError Unprocessable(string message) => new(422, "unprocessable_entity", message);

    /// <summary>Not understood.</summary>
    public static SandboxError BadRequest(string message) => new(400, "bad_request", message);
}

/// <summary>What was asked for, or why not.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record SandboxResult<T>
    where T : class
{
    private SandboxResult(T? value, SandboxError? error) => (Value, Error) = (value, error);

    /// <summary>What was asked for; none when it was refused.</summary>
    public T? Value { get; }

    /// <summary>Why not; none when it was done.</summary>
    public SandboxError? Error { get; }

    /// <summary>It was done.</summary>
    public static implicit operator SandboxResult<T>(T value) => new(value, null);

    /// <summary>It was refused.</summary>
    public static implicit operator SandboxResult<T>(SandboxError error) => new(null, error);

    /// <summary>The value of something that cannot be refused, or an exception that says why it was.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T OrThrow() => Value ?? throw new InvalidOperationException($"Refused with {Error?.Status}: {Error?.Message}");
}
