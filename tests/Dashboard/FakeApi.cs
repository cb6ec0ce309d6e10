using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>An API that answers what a test says, and keeps what it was asked.</summary>
internal sealed class FakeApi : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<object>> _answers = new(StringComparer.Ordinal);
    private long _told;

    /// <summary>Tokens with their roles; with none, everybody is an operator.</summary>
    public ConcurrentDictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether nothing listens there.</summary>
    public bool IsDown { get; set; }

    /// <summary>Why every command is refused; null where none is.</summary>
    public string? Refuses { get; set; }

    /// <summary>What a command waits for before it is answered.</summary>
    public Func<CancellationToken, Task> BeforeCommand { get; set; } = _ => Task.CompletedTask;

    /// <summary>What every question is answered with that has an answer; null where that is its own.</summary>
    public (HttpStatusCode Status, string Detail)? Fails { get; set; }

    /// <summary>What a question, by its path, waits for before it is answered.</summary>
    public Func<string, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>What was asked and commanded: method and path with query, then the body.</summary>
    public ConcurrentQueue<(string Request, string Body)> Calls { get; } = new();

    /// <summary>The keys of the commands, one for each time that one was sent.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>Answers a path with this, whatever the query.</summary>
    public void Answer(string path, Func<object> answer) => _answers[path] = answer;

    /// <summary>The event at a place of the log.</summary>
    public Func<int, LogEventShape> Event { get; set; } = n => Sample.Event(n);

    /// <summary>The log grows by so many events.</summary>
    public void Grow(long by = 1) => Interlocked.Add(ref _told, by);

    /// <summary>The log is another by now, with so many events.</summary>
    public void BecomeOther(long events) => Interlocked.Exchange(ref _told, events);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        Calls.Enqueue(($"{request.Method} {request.RequestUri.PathAndQuery}", request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        if (request.Headers.TryGetValues("Idempotency-Key", out var keys))
        {
            Keys.Enqueue(keys.Single());
        }

        if (IsDown)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        if (RoleOf(request) is not { } role)
        {
            return Problem(HttpStatusCode.Unauthorized, "A token is wanted.");
        }

        if (path == "/v1/me")
        {
            return Json(new MeShape { Name = Tokens.IsEmpty ? "api:local" : "api:ann", Role = role });
        }

        if (Refuses is { } why && request.Method != HttpMethod.Get)
        {
            return Problem(HttpStatusCode.Conflict, why);
        }

        if (request.Method == HttpMethod.Post || request.Method == HttpMethod.Put)
        {
            await BeforeCommand(cancellationToken);
            return role == "operator"
                ? Json(new CommandAcceptedShape { Accepted = [new AcceptedShape { Id = "1", What = "what", Says = "Done", History = "/v1/history/1" }] }, HttpStatusCode.Accepted)
                : Problem(HttpStatusCode.Forbidden, "This token may not do that.");
        }

        if (_answers.TryGetValue(path, out var answer))
        {
            await BeforeAnswer(path);
            return Fails is { } failure ? Problem(failure.Status, failure.Detail) : Json(answer());
        }

        if (path == "/v1/slots")
        {
            return Json(new SlotsShape { At = Sample.Now, Droplets = [.. AskedFor(request.RequestUri.Query).Select(id => new DropletSlotsShape { DropletId = id, Name = $"web-{id}", Slots = Sample.View().Slots })] });
        }

        return path == "/v1/events" ? await EventsAsync(request.RequestUri.Query, cancellationToken) : Problem(HttpStatusCode.NotFound, "There is nothing at this address.");
    }

    private static HttpResponseMessage Json(object answer, HttpStatusCode status = HttpStatusCode.OK) => new(status)
    {
        Content = new StringContent(JsonSerializer.Serialize(answer, answer.GetType(), JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
    };

    private static HttpResponseMessage Problem(HttpStatusCode status, string detail) => new(status)
    {
        Content = new StringContent(JsonSerializer.Serialize(new { detail }), Encoding.UTF8, "application/problem+json"),
    };

    private static IEnumerable<long> AskedFor(string query) =>
        query.TrimStart('?').Split('&').Where(p => p.StartsWith("droplet=", StringComparison.Ordinal)).Select(p => long.Parse(p["droplet=".Length..], CultureInfo.InvariantCulture));

    private string? RoleOf(HttpRequestMessage request) => Tokens.IsEmpty
        ? "operator"
        : request.Headers.Authorization?.Parameter is { } token ? Tokens.GetValueOrDefault(token) : null;

    /// <summary>Waits for the log to grow, as the real one does.</summary>
    private async Task<HttpResponseMessage> EventsAsync(string query, CancellationToken ct)
    {
        var after = query.Contains("after=", StringComparison.Ordinal) ? long.Parse(query.Split("after=")[1].Split('&')[0]) : 0;
        var waits = !query.Contains("wait=0", StringComparison.Ordinal);
        while (waits && Interlocked.Read(ref _told) == after)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        }

        var told = Interlocked.Read(ref _told);
        var limit = query.Contains("limit=", StringComparison.Ordinal) ? long.Parse(query.Split("limit=")[1].Split('&')[0]) : 500;
        // Without a place, the last ones.
        after = query.Contains("after=", StringComparison.Ordinal) ? after : Math.Max(0, told - limit);
        var last = Math.Min(told, after + limit);
        return Json(new EventsShape { Last = last, IsAll = last == told, Events = [.. Enumerable.Range((int)after + 1, (int)Math.Max(0, last - after)).Select(n => Event(n))] });
    }
}
