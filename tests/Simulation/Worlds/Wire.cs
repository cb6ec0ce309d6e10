using System.Net;
using System.Text;
using System.Text.Json;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What goes wrong with one request.</summary>
internal enum WireFault
{
    None,

    /// <summary>No connection: certainly nothing was sent.</summary>
    Refused,

    /// <summary>The connection breaks before the request arrives.</summary>
    CutBefore,

    /// <summary>It took effect, and the connection breaks.</summary>
    CutAfter,

    /// <summary>A server error without effect.</summary>
    ErrorBefore,

    /// <summary>A server error, and it took effect.</summary>
    ErrorAfter,

    /// <summary>A page of HTML in the place of an answer; no effect.</summary>
    HtmlBefore,

    /// <summary>A page of HTML in the place of an answer, and it took effect.</summary>
    HtmlAfter,

    /// <summary>Half an answer.</summary>
    Truncated,

    /// <summary>Others have used up the quota.</summary>
    Throttled,

    /// <summary>It arrives after its sender has given up.</summary>
    Late,

    /// <summary>It takes effect at once, and the answer comes after the sender has given up.</summary>
    Slow,

    /// <summary>It never arrives, and nobody says so.</summary>
    Swallowed,

    /// <summary>A list as it was some minutes ago.</summary>
    Stale,
}

/// <summary>The way from one process to DigitalOcean.</summary>
internal sealed class Wire(World world, Incarnation process, Dice dice) : HttpMessageHandler
{
    private static readonly WireFault[] Faults = [.. Enum.GetValues<WireFault>().Where(f => f is not WireFault.None)];
    private static readonly WireFault[] OfOutages =
        [WireFault.Refused, WireFault.Refused, WireFault.ErrorBefore, WireFault.HtmlBefore, WireFault.ErrorAfter, WireFault.Swallowed, WireFault.CutBefore];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = await Call.OfAsync(request);
        if (call.IsWrite && world.Hazard.Dies(process, $"before {call.What}"))
        {
            return await Incarnation.NeverAsync<HttpResponseMessage>();
        }

        // Whoever is held up here for longer than a request may take has given it up by then.
        await world.Hazard.StepAsync(process, cancellationToken);
        var fault = Draw(call);
        if (fault is not WireFault.None)
        {
            world.Tally.Count($"fault: {(world.InOutage ? "outage, " : "")}{Words(fault)}");
            if (call.IsWrite)
            {
                world.Note($"{process.Name}: {call.What} {call.Path} is {Words(fault)}");
            }
        }

        var answer = await CarryAsync(call, fault, cancellationToken);
        if (call.IsWrite && world.Hazard.Dies(process, $"after {call.What}"))
        {
            return await Incarnation.NeverAsync<HttpResponseMessage>();
        }

        await world.Hazard.StepAsync(process, cancellationToken);
        answer.RequestMessage = request;
        return answer;
    }

    private WireFault Draw(Call call)
    {
        if (world.IsQuiet)
        {
            return WireFault.None;
        }

        if (world.InOutage && !dice.Chance(0.03))
        {
            return dice.Pick(OfOutages);
        }

        if (!dice.Chance(world.Profile.ApiFaults))
        {
            return WireFault.None;
        }

        var fault = dice.Pick(Faults);
        // Where the quota is watched, requests arrive when they are sent: nobody can share out what is late by minutes.
        return (fault is WireFault.Stale && !call.IsList) || (fault is WireFault.Late && world.Profile.Quota is not null) ? WireFault.None : fault;
    }

    private async Task<HttpResponseMessage> CarryAsync(Call call, WireFault fault, CancellationToken ct)
    {
        switch (fault)
        {
            case WireFault.Refused:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "No connection could be made.");
            case WireFault.CutBefore:
                throw Cut();
            case WireFault.CutAfter:
                world.Cloud.Answer(call, process.Name);
                throw Cut();
            case WireFault.ErrorBefore:
                return Said(dice.Pick([500, 502, 503, 504]), """{"id":"server_error","message":"Unexpected server-side error"}""", "application/json");
            case WireFault.ErrorAfter:
                world.Cloud.Answer(call, process.Name);
                return Said(dice.Pick([500, 502, 503, 504, 505]), """{"id":"server_error","message":"Unexpected server-side error"}""", "application/json");
            case WireFault.HtmlBefore:
                return Said(dice.Pick([504, 502, 403, 404]), "<html><body><h1>504 Gateway Time-out</h1></body></html>", "text/html");
            case WireFault.HtmlAfter:
                world.Cloud.Answer(call, process.Name);
                return Said(dice.Pick([504, 502, 200]), "<html><body><h1>504 Gateway Time-out</h1></body></html>", "text/html");
            case WireFault.Truncated:
                return await TruncatedAsync(world.Cloud.Answer(call, process.Name), ct);
            case WireFault.Throttled:
                return Throttled();
            case WireFault.Late:
                var arrival = dice.Time(TimeSpan.FromSeconds(31), TimeSpan.FromMinutes(2));
                world.Sim.After(arrival, () => world.Cloud.Answer(call, process.Name));
                return await SilenceAsync(ct);
            case WireFault.Slow:
                world.Cloud.Answer(call, process.Name);
                return await SilenceAsync(ct);
            case WireFault.Swallowed:
                return await SilenceAsync(ct);
            case WireFault.Stale:
                return world.Cloud.AnswerStale(call, process.Name, dice);
            default:
                return world.Cloud.Answer(call, process.Name);
        }
    }

    /// <summary>Until whoever waits has had enough.</summary>
    private async Task<HttpResponseMessage> SilenceAsync(CancellationToken ct)
    {
        await process.WaitAsync(TimeSpan.FromHours(1), ct);
        throw Cut();
    }

    private static async Task<HttpResponseMessage> TruncatedAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        answer.Content = new ByteArrayContent(body[..(body.Length / 2)]);
        return answer;
    }

    private HttpResponseMessage Throttled()
    {
        var answer = Said(429, """{"id":"too_many_requests","message":"API Rate limit exceeded."}""", "application/json");
        if (dice.Chance(0.5))
        {
            answer.Headers.TryAddWithoutValidation("retry-after", $"{dice.Between(1, 90)}");
        }

        return answer;
    }

    private HttpResponseMessage Said(int status, string text, string type)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, type) };
        answer.Headers.Date = Cloud.Second(world.Sim.Now);
        return answer;
    }

    private static HttpRequestException Cut() => new(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    private static string Words(WireFault fault) => fault switch
    {
        WireFault.Refused => "refused",
        WireFault.CutBefore => "cut before it arrives",
        WireFault.CutAfter => "cut after its effect",
        WireFault.ErrorBefore => "answered 5xx without effect",
        WireFault.ErrorAfter => "answered 5xx with effect",
        WireFault.HtmlBefore => "answered HTML without effect",
        WireFault.HtmlAfter => "answered HTML with effect",
        WireFault.Truncated => "answered by half",
        WireFault.Throttled => "answered 429",
        WireFault.Late => "late",
        WireFault.Slow => "answered too late",
        WireFault.Swallowed => "swallowed",
        _ => "stale",
    };
}

/// <summary>A request as it travels: whoever sent it may be gone when it arrives.</summary>
internal sealed record Call(HttpMethod Method, Uri Uri, string? Token, byte[]? Body)
{
    public string Path => Uri.PathAndQuery;

    public bool IsWrite => Method != HttpMethod.Get;

    public bool IsList => !IsWrite && Uri.Query.Contains("page=", StringComparison.Ordinal);

    public string What => Method == HttpMethod.Delete ? "DELETE" : Path.StartsWith("/v2/images/", StringComparison.Ordinal) ? "POST transfer" : "POST snapshot";

    public static async Task<Call> OfAsync(HttpRequestMessage request) => new(
        request.Method,
        request.RequestUri!,
        request.Headers.Authorization?.Parameter,
        request.Content is null ? null : await request.Content.ReadAsByteArrayAsync());

    public string Read(string member)
    {
        using var json = JsonDocument.Parse(Body!);
        return json.RootElement.GetProperty(member).GetString()!;
    }
}
