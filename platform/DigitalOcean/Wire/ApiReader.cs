using System.Text.Json;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>GET requests: an object, an object that may be missing, and lists with all their pages.</summary>
internal sealed class ApiReader(ApiConnection connection)
{
    /// <summary>The most that the API allows (documented).</summary>
    internal const int PageSize = 200;

    /// <summary>100,000 rows. A list that has not ended by then is a list that never ends.</summary>
    internal const int MostPages = 500;

    /// <summary>How often a list that moves while it is read is read.</summary>
    internal const int MostReadings = 3;

    /// <summary>What <paramref name="read"/> makes of the body.</summary>
    internal async Task<T> GetAsync<T>(string path, Func<JsonElement, T> read, CancellationToken ct, RequestPurpose? purpose = null) =>
        Read(path, await ReceiveAsync(path, ct, purpose), read);

    /// <summary>
    /// What <paramref name="read"/> makes of the object under <paramref name="root"/>, or null where there is none of that id.
    /// </summary>
    internal async Task<T?> FindAsync<T>(string path, string root, Func<JsonElement, T?> read, CancellationToken ct, RequestPurpose? purpose = null)
        where T : class
    {
        var answer = await ReceiveAsync(path, ct, purpose);
        return answer.IsNotFound() ? null : Read(path, answer, json => read(json.Required(root)));
    }

    /// <summary>
    /// Every row of every page, each id once. A row that is deleted between two pages moves the others up by one, and the first of the next page is
    /// never shown; so a list that moved while it was read is read again, and after the third time taken as it is.
    /// </summary>
    /// <param name="path">Path and query, without the page.</param>
    /// <param name="root">The array's name.</param>
    /// <param name="read">A row; null leaves it out.</param>
    /// <param name="id">What tells rows apart: one comes twice if others are created between two pages.</param>
    /// <param name="isEnough">Whether nothing beyond these rows of a page matters; null reads to the end.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <param name="purpose">What it is for, where the path does not say.</param>
    internal async Task<IReadOnlyList<T>> ListAsync<T, TId>(
        string path,
        string root,
        Func<JsonElement, T?> read,
        Func<T, TId> id,
        Func<IReadOnlyList<T>, bool>? isEnough,
        CancellationToken ct,
        RequestPurpose? purpose = null)
        where T : class
    {
        for (var reading = 1; ; reading++)
        {
            var (rows, moved) = await ReadPagesAsync(path, root, read, id, isEnough, purpose, ct);
            // What stops early stops where nothing beyond it matters.
            if (!moved || isEnough is not null || reading == MostReadings)
                return rows;
        }
    }

    private async Task<(IReadOnlyList<T> Rows, bool Moved)> ReadPagesAsync<T, TId>(
        string path,
        string root,
        Func<JsonElement, T?> read,
        Func<T, TId> id,
        Func<IReadOnlyList<T>, bool>? isEnough,
        RequestPurpose? purpose,
        CancellationToken ct)
        where T : class
    {
        var rows = new List<T>();
        var seen = new HashSet<TId>();
        var totals = new HashSet<decimal>();
        var rowsSoFar = 0;
        var shownTwice = false;
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var number = 1; number <= MostPages; number++)
        {
            var page = await GetAsync($"{path}{separator}per_page={PageSize}&page={number}", json => Page<T>.Read(json, root, read), ct, purpose);
            rowsSoFar += page.RowCount;
            if (page.Total is { } total)
                totals.Add(total);
            var fresh = page.Rows.Where(row => seen.Add(id(row))).ToList();
            shownTwice |= fresh.Count < page.Rows.Count;
            rows.AddRange(fresh);
            if (!page.IsFollowed(rowsSoFar) || isEnough?.Invoke(page.Rows) is true)
                return (rows, shownTwice || totals.Count > 1);
        }

        throw new DigitalOceanException(Mask($"GET {path}: the list has more than {MostPages} pages of {PageSize}"));
    }

    private async Task<Answer.Received> ReceiveAsync(string path, CancellationToken ct, RequestPurpose? purpose = null) => await connection.GetAsync(path, ct, purpose) switch
    {
        Answer.Received received => received,
        Answer.Missing missing => throw new DigitalOceanException(Mask($"GET {path}: {missing.Describe()}"), Harmless(missing.Cause))
        {
            IsTransient = true,
        },
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private T Read<T>(string path, Answer.Received answer, Func<JsonElement, T> read)
    {
        if (!answer.IsSuccess)
        {
            var error = ApiError.Read(answer, connection.Secret);
            var isForeign404 = answer.Status == 404 && !answer.IsNotFound();
            return Throw<T>($"GET {path}: {error}", error, answer.IsTransient || isForeign404, answer.RetryAfter);
        }

        try
        {
            return read(answer.ReadObject());
        }
        catch (UnreadableAnswerException flaw)
        {
            return Throw<T>(
                $"GET {path}: {answer.Status}, but {flaw.Message}",
                ApiError.Read(answer, connection.Secret),
                isTransient: true,
                retryAfter: null);
        }
    }

    private T Throw<T>(string message, ApiError error, bool isTransient, TimeSpan? retryAfter) =>
        throw new DigitalOceanException(Mask(message))
        {
            Status = error.Status,
            Code = error.Code,
            RequestId = error.RequestId,
            IsTransient = isTransient,
            RetryAfter = retryAfter,
        };

    private string Mask(string text) => Redaction.Mask(text, connection.Secret);

    /// <summary>The cause, unless its text holds what must not be shown: whoever logs an exception logs the inner ones too.</summary>
    private Exception? Harmless(Exception cause)
    {
        var text = cause.ToString();
        return string.Equals(text, Mask(text), StringComparison.Ordinal) ? cause : null;
    }
}
