using System.Globalization;
using System.Net;
using System.Text.Json;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.HttpApi;

/// <summary>The HTTP API by its shapes. Whatever goes wrong is an <see cref="ApiTroubleException"/>.</summary>
public sealed class ApiClient : IDisposable
{
    private const string Json = "application/json";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(35);

    private readonly ApiConnection connection;

    /// <summary>A client of what this calls, which it disposes of.</summary>
    public ApiClient(ApiConnection connection)
    {
        this.connection = connection;
    }

    /// <summary>Who asks.</summary>
    /// <param name="ct">Ends it.</param>
    public Task<MeShape> MeAsync(CancellationToken ct) => AskAsync<MeShape>("v1/me", Short, ct);

    /// <summary>How the droplets stand.</summary>
    /// <param name="ct">Ends it.</param>
    public Task<StatusShape> StatusAsync(CancellationToken ct) => AskAsync<StatusShape>("v1/status", Short, ct);

    /// <summary>The brakes.</summary>
    /// <param name="ct">Ends it.</param>
    public Task<BrakesShape> BrakesAsync(CancellationToken ct) => AskAsync<BrakesShape>("v1/brakes", Short, ct);

    /// <summary>What happened.</summary>
    /// <param name="after">After this place of the log; null for the last ones.</param>
    /// <param name="limit">So many at most.</param>
    /// <param name="wait">How long to wait for them, in seconds.</param>
    /// <param name="ct">Ends it.</param>
    public Task<EventsShape> EventsAsync(long? after, int limit, int wait, CancellationToken ct) =>
        AskAsync<EventsShape>($"v1/events{Query(("after", Number(after)), ("limit", Number(limit)), ("wait", Number(wait)))}", Short, ct);

    /// <summary>Events that have all of some words in them.</summary>
    /// <param name="search">The words.</param>
    /// <param name="after">After this place of the log.</param>
    /// <param name="limit">So many at most.</param>
    /// <param name="ct">Ends it.</param>
    public Task<EventsShape> SearchAsync(string search, long after, int limit, CancellationToken ct) =>
        AskAsync<EventsShape>($"v1/events{Query(("search", search), ("after", Number(after)), ("limit", Number(limit)))}", Short, ct);

    /// <summary>What the plans in force say.</summary>
    /// <param name="ct">Ends it.</param>
    public Task<PlansShape> PlansAsync(CancellationToken ct) => AskAsync<PlansShape>("v1/plans", Short, ct);

    /// <summary>How the droplets stood.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="ct">Ends it.</param>
    public Task<PastStatusShape> PastStatusAsync(DateTimeOffset at, CancellationToken ct) => AskAsync<PastStatusShape>($"v1/past-status{Query(("at", Stamp(at)))}", ApiConnection.LongLimit, ct);

    /// <summary>A droplet with its snapshots.</summary>
    /// <param name="droplet">Its id or name.</param>
    /// <param name="ct">Ends it.</param>
    public Task<DropletViewShape> DropletAsync(string droplet, CancellationToken ct) => AskAsync<DropletViewShape>($"v1/droplets/{Uri.EscapeDataString(droplet)}", Short, ct);

    /// <summary>What came of the last turns of the schedules of several droplets.</summary>
    /// <param name="droplets">Their ids, at most <see cref="SlotsShape.MostDroplets"/>.</param>
    /// <param name="ct">Ends it.</param>
    public Task<SlotsShape> SlotsAsync(IEnumerable<long> droplets, CancellationToken ct) =>
        AskAsync<SlotsShape>($"v1/slots{Query([.. droplets.Select(d => ("droplet", Number(d)))])}", Short, ct);

    /// <summary>The droplets that no plan covers.</summary>
    /// <param name="ct">Ends it.</param>
    public Task<UncoveredShape> UncoveredAsync(CancellationToken ct) => AskAsync<UncoveredShape>("v1/uncovered", Short, ct);

    /// <summary>Why a snapshot exists, is kept or was removed.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="at">As of then; null for now.</param>
    /// <param name="ct">Ends it.</param>
    public Task<ExplanationShape> ExplainAsync(Guid snapshot, DateTimeOffset? at, CancellationToken ct) =>
        AskAsync<ExplanationShape>($"v1/snapshots/{snapshot:D}/explanation{Query(("at", at is { } moment ? Stamp(moment) : null))}", Short, ct);

    /// <summary>All that happened to something.</summary>
    /// <param name="subject">A plan, a droplet or a snapshot.</param>
    /// <param name="last">So many of the last events; 0 for all.</param>
    /// <param name="ct">Ends it.</param>
    public Task<HistoryShape> HistoryAsync(string subject, int last, CancellationToken ct) =>
        AskAsync<HistoryShape>($"v1/history/{Uri.EscapeDataString(subject)}{Query(("last", Number(last)))}", Short, ct);

    /// <summary>What goes next.</summary>
    /// <param name="subject">Of a plan, a droplet or a snapshot; null for everything.</param>
    /// <param name="days">For so many days.</param>
    /// <param name="staying">Whether snapshots are wanted that neither go nor are held: of a large fleet they are nearly all.</param>
    /// <param name="ct">Ends it.</param>
    public Task<ForecastShape> ForecastAsync(string? subject, int days, bool staying, CancellationToken ct) =>
        AskAsync<ForecastShape>($"v1/forecast{Query(("subject", subject), ("days", Number(days)), ("staying", staying ? null : "false"))}", ApiConnection.LongLimit, ct);

    /// <summary>What another policy would have made of the history.</summary>
    /// <param name="keep">Its rules.</param>
    /// <param name="every">The time between snapshots; null for as it is.</param>
    /// <param name="plan">Of this plan only; null for all.</param>
    /// <param name="from">Up to then all is taken as it was; null for the beginning.</param>
    /// <param name="ct">Ends it.</param>
    public Task<WhatIfShape> WhatIfAsync(IEnumerable<string> keep, string? every, string? plan, DateTimeOffset? from, CancellationToken ct) => AskAsync<WhatIfShape>(
        $"v1/what-if{Query([.. keep.Select(k => ("keep", (string?)k)), ("snapshot-interval", every), ("plan", plan), ("from", from is { } moment ? Stamp(moment) : null)])}",
        ApiConnection.LongLimit,
        ct);

    /// <summary>What another policy would let go of a plan, now and within 30 days.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keep">The policy's rules; none where everything is kept.</param>
    /// <param name="every">The time between snapshots; null for as it is.</param>
    /// <param name="price">Dollars for a GB and month.</param>
    /// <param name="ct">Ends it.</param>
    public Task<WhatGoesShape> WhatGoesAsync(string plan, IEnumerable<string> keep, string? every, decimal price, CancellationToken ct) => AskAsync<WhatGoesShape>(
        $"v1/what-goes{Query([("plan", plan), .. keep.Select(k => ("keep", (string?)k)), ("snapshot-interval", every), ("price", price.ToString(CultureInfo.InvariantCulture))])}",
        ApiConnection.LongLimit,
        ct);

    /// <summary>Every removal judged again.</summary>
    /// <param name="from">Those from then on; null for all.</param>
    /// <param name="to">Those before then; null for all.</param>
    /// <param name="ct">Ends it.</param>
    public Task<AuditShape> AuditAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct) => AskAsync<AuditShape>(
        $"v1/audit{Query(("from", from is { } first ? Stamp(first) : null), ("to", to is { } end ? Stamp(end) : null))}", ApiConnection.LongLimit, ct);

    /// <summary>An answer of the API as it is, in a form of its own.</summary>
    /// <param name="path">Path and query under <c>/v1/</c>.</param>
    /// <param name="form">The form, such as <c>text/markdown</c>.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<string> TextAsync(string path, string form, CancellationToken ct)
    {
        var answer = await CallAsync(connection.GetAsync($"v1/{path}", form, ApiConnection.LongLimit, repeats: false, ct));
        return answer.IsIn(HttpStatusCode.OK, form) ? answer.Body : throw ApiTroubleException.Of(answer);
    }

    /// <summary>Commands, once only whatever becomes of the connection.</summary>
    /// <param name="path">Under <c>/v1/</c>, such as <c>pins</c>.</param>
    /// <param name="body">What, with the reason.</param>
    /// <param name="key">The command's own key: the same for the same command given again.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What was done, in words.</returns>
    public async Task<IReadOnlyList<string>> CommandAsync(string path, object body, string key, CancellationToken ct) =>
        Done(await CallAsync(connection.PostAsync($"v1/{path}", Written(body), key, ct)));

    /// <summary>Saves another policy as the next version of a plan, once only whatever becomes of the connection.</summary>
    /// <param name="plan">The plan's name.</param>
    /// <param name="body">Its <c>keep</c>, <c>every</c> and <c>basedOn</c>, with the reason.</param>
    /// <param name="key">The command's own key: the same for the same command given again.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What was done, in words.</returns>
    public async Task<IReadOnlyList<string>> ChangePolicyAsync(string plan, object body, string key, CancellationToken ct) =>
        Done(await CallAsync(connection.PutAsync($"v1/plans/{Uri.EscapeDataString(plan)}/policy", Written(body), key, ct)));

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static string Written(object body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return JsonSerializer.Serialize(body, body.GetType(), JsonSerializerOptions.Web);
    }

    private static IReadOnlyList<string> Done(ApiAnswer answer) => answer.IsIn(HttpStatusCode.Accepted, Json)
        ? [.. Read<CommandAcceptedShape>(answer).Accepted.Select(a => a.Says)]
        : throw ApiTroubleException.Of(answer);

    private static async Task<ApiAnswer> CallAsync(Task<ApiAnswer> call)
    {
        try
        {
            return await call;
        }
        catch (ApiCallException e)
        {
            throw new ApiTroubleException(
                ApiTrouble.Unreachable,
                e.Failure is ApiCallFailure.Late
                    ? string.Create(CultureInfo.InvariantCulture, $"The API has not answered in {e.Limit.TotalSeconds:0} s.")
                    : $"The API cannot be reached: {e.Why}.",
                e);
        }
    }

    private static T Read<T>(ApiAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Utf8.Span, JsonSerializerOptions.Web) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new ApiTroubleException(ApiTrouble.Strange, "The API's answer cannot be read: it may be of another version.", e);
        }
    }

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<T> AskAsync<T>(string path, TimeSpan limit, CancellationToken ct)
    {
        // Whoever shows it asks again by itself, and says meanwhile what is wrong.
        var answer = await CallAsync(connection.GetAsync(path, Json, limit, repeats: false, ct));
        return answer.IsIn(HttpStatusCode.OK, Json) ? Read<T>(answer) : throw ApiTroubleException.Of(answer);
    }
}
