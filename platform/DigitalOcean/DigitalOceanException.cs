namespace DoSnapshot.DigitalOcean;

/// <summary>
/// A read that failed after its attempts. The message names method and path and is free of tokens, and so is an inner exception.
/// </summary>
public sealed class DigitalOceanException : Exception
{
    /// <summary>Describes a failed read.</summary>
    public DigitalOceanException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The HTTP status, or null where no whole answer came. A 2xx means that the body could not be understood.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>id</c> of the error body, for example not_found or too_many_requests; null where there was none.</summary>
    public string? Code { get; init; }

    /// <summary>DigitalOcean's id of the request, for their support; null where none was given.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// Whether the same read may succeed later: connection, timeout, 408, 429, 5xx except 501, or a body that is not the API's.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>How long to wait at least, where the API said so on a 429; 1 s or more.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>401: the token is not, or no longer, valid.</summary>
    public bool IsUnauthorized => Status == 401;

    /// <summary>403: the token lacks a scope. A passing 403 was also observed while a transfer was polled.</summary>
    public bool IsForbidden => Status == 403;

    /// <summary>
    /// 404 in the API's own words, from a list: the droplet or image it hangs from is not there. A web page with 404 is transient instead.
    /// </summary>
    public bool IsNotFound => Status == 404 && !IsTransient;
}
