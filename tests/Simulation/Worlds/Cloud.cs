using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>DigitalOcean: the practice account, with a note of every effect that a request had.</summary>
internal sealed class Cloud : IDisposable
{
    private readonly World _world;
    private readonly HttpMessageInvoker _line;
    private readonly Dictionary<string, Queue<(DateTimeOffset At, byte[] Body)>> _past = new(StringComparer.Ordinal);
    private readonly HashSet<long> _hiddenActions = [];
    private readonly Dictionary<long, DateTimeOffset> _unseenUntil = [];
    private readonly Dice _dice;

    public Cloud(World world, Dice dice, SandboxSettings settings)
    {
        _world = world;
        _dice = dice;
        Account = new SandboxAccount(new SimClock(world.Sim, TimeSpan.Zero), settings);
        _line = new HttpMessageInvoker(new SandboxHandler(Account));
    }

    public SandboxAccount Account { get; }

    public static DateTimeOffset Second(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>DigitalOcean forgets an action for ever.</summary>
    public void Hide(long actionId) => _hiddenActions.Add(actionId);

    public void Dispose() => _line.Dispose();

    public HttpResponseMessage Answer(Call call, string by)
    {
        _world.Sim.CheckThread();
        _world.Tally.Count("requests");
        if (IsHidden(call))
        {
            return Found404();
        }

        using var request = new HttpRequestMessage(call.Method, Shortened(call.Uri));
        if (call.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Token);
        }

        request.Content = call.Body is null ? null : new ByteArrayContent(call.Body);
        var answer = _line.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        answer.Headers.Date = Second(_world.Sim.Now);
        Note(call, answer, by);
        return answer;
    }

    /// <summary>A list as it was up to three minutes ago, if anybody has asked for it since.</summary>
    public HttpResponseMessage AnswerStale(Call call, string by, Dice dice)
    {
        var answer = Answer(call, by);
        var since = _world.Sim.Now - TimeSpan.FromMinutes(3);
        if (_past.TryGetValue(call.Path, out var past) && past.Where(p => p.At >= since).ToList() is { Count: > 0 } recent)
        {
            answer.Content = new ByteArrayContent(dice.Pick(recent).Body);
        }

        return answer;
    }

    /// <summary>Actions come in short pages: most of a world's time went into telling those that had ended long ago.</summary>
    private static Uri Shortened(Uri uri) => uri.AbsolutePath == "/v2/actions"
        ? new Uri(uri.AbsoluteUri.Replace("per_page=200", "per_page=10", StringComparison.Ordinal))
        : uri;

    private bool IsHidden(Call call)
    {
        if (call.IsWrite || !call.Uri.AbsolutePath.StartsWith("/v2/actions/", StringComparison.Ordinal))
        {
            return false;
        }

        var id = long.Parse(call.Uri.Segments[^1], CultureInfo.InvariantCulture);
        return _hiddenActions.Contains(id) || (_unseenUntil.TryGetValue(id, out var until) && _world.Sim.Now < until);
    }

    private HttpResponseMessage Found404()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.NotFound)
        {
            Content = new StringContent("""{"id":"not_found","message":"The resource you were accessing could not be found."}"""),
        };
        answer.Headers.Date = Second(_world.Sim.Now);
        return answer;
    }

    private void Note(Call call, HttpResponseMessage answer, string by)
    {
        var now = _world.Sim.Now;
        if (answer.StatusCode is HttpStatusCode.TooManyRequests)
        {
            _world.Happened(new Happening.OverQuota(now, $"{call.Method} {call.Path}", by));
        }
        else if (call.IsList && answer.IsSuccessStatusCode && _world.Profile.ApiFaults > 0)
        {
            var past = _past.TryGetValue(call.Path, out var known) ? known : _past[call.Path] = new Queue<(DateTimeOffset, byte[])>();
            past.Enqueue((now, answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()));
            while (past.Count > 4)
            {
                past.Dequeue();
            }
        }
        else if (call.IsWrite && answer.IsSuccessStatusCode)
        {
            NoteEffect(call, answer, by, now);
        }
    }

    private void NoteEffect(Call call, HttpResponseMessage answer, string by, DateTimeOffset now)
    {
        var id = long.Parse(call.Uri.Segments.First(s => char.IsAsciiDigit(s[0])).TrimEnd('/'), CultureInfo.InvariantCulture);
        if (call.Method == HttpMethod.Delete)
        {
            _world.Tally.Count("deleted");
            _world.Happened(new Happening.Deleted(now, id, by));
            return;
        }

        using var json = JsonDocument.Parse(answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
        var action = json.RootElement.GetProperty("action").GetProperty("id").GetInt64();
        if (call.What is "POST transfer")
        {
            _world.Tally.Count("transfers begun");
            _world.Happened(new Happening.TransferBegun(now, id, call.Read("region"), action, by));
        }
        else
        {
            _world.Tally.Count("snapshots begun");
            _world.Happened(new Happening.SnapshotBegun(now, id, call.Read("name"), action, Account.Action(action)!.ImageId!.Value, by));
        }

        if (!_world.IsQuiet && _dice.Chance(0.03 * Math.Min(1, _world.Profile.ApiFaults * 20)))
        {
            _world.Tally.Count("fault: action not seen for a while");
            _unseenUntil[action] = now + _dice.Scale(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(20));
        }
    }
}
