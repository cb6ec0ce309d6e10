using System.Globalization;
using System.Net;
using System.Text.Json;
using DoSnapshot.Sandbox;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>DigitalOcean: the practice account, with a note of every effect that a request had.</summary>
internal sealed class Cloud
{
    private readonly World _world;
    private readonly SandboxApi _api;
    private readonly Dictionary<string, Queue<(DateTimeOffset At, ReadOnlyMemory<byte> Body)>> _past = new(StringComparer.Ordinal);
    private readonly HashSet<long> _hiddenActions = [];
    private readonly Dictionary<long, DateTimeOffset> _unseenUntil = [];
    private readonly Dice _dice;

    public Cloud(World world, Dice dice, SandboxSettings settings)
    {
        _world = world;
        _dice = dice;
        var first = new SandboxAccount(new SimClock(world.Sim, TimeSpan.Zero), settings);
        Account = world.Options.Account is > 0 and var number ? first.OfOtherTeam($"team-{number}", number) : first;
        _api = new SandboxApi(Account);
    }

    public SandboxAccount Account { get; }

    public static DateTimeOffset Second(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>DigitalOcean forgets an action for ever.</summary>
    public void Hide(long actionId) => _hiddenActions.Add(actionId);

    public HttpResponseMessage Answer(Call call, string by)
    {
        _world.Sim.CheckThread();
        _world.Tally.Count("requests");
        if (IsHidden(call))
        {
            return Found404();
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Authorization"] = $"Bearer {call.Token}" };
        var said = _api.Handle(new SandboxRequest(call.Method.Method, Shortened(call.Uri), headers, call.Body));
        Note(call, said, by);
        var answer = new HttpResponseMessage((HttpStatusCode)said.Status) { Content = new ReadOnlyMemoryContent(said.Body) };
        foreach (var (name, value) in said.Headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }

    /// <summary>A list as it was up to three minutes ago, if anybody has asked for it since.</summary>
    public HttpResponseMessage AnswerStale(Call call, string by, Dice dice)
    {
        var answer = Answer(call, by);
        var since = _world.Sim.Now - TimeSpan.FromMinutes(3);
        if (_past.TryGetValue(call.Path, out var past) && past.Where(p => p.At >= since).ToList() is { Count: > 0 } recent)
        {
            answer.Content = new ReadOnlyMemoryContent(dice.Pick(recent).Body);
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

    private void Note(Call call, SandboxResponse answer, string by)
    {
        var now = _world.Sim.Now;
        var isSuccess = answer.Status is >= 200 and < 300;
        if (answer.Status == (int)HttpStatusCode.TooManyRequests)
        {
            _world.Happened(new Happening.OverQuota(now, $"{call.Method} {call.Path}", by));
        }
        else if (call.IsList && isSuccess && _world.Profile.ApiFaults > 0)
        {
            var past = _past.TryGetValue(call.Path, out var known) ? known : _past[call.Path] = new Queue<(DateTimeOffset, ReadOnlyMemory<byte>)>();
            past.Enqueue((now, answer.Body));
            while (past.Count > 4)
            {
                past.Dequeue();
            }
        }
        else if (call.IsWrite && isSuccess)
        {
            NoteEffect(call, answer, by, now);
        }
    }

    private void NoteEffect(Call call, SandboxResponse answer, string by, DateTimeOffset now)
    {
        var id = long.Parse(call.Uri.Segments.First(s => char.IsAsciiDigit(s[0])).TrimEnd('/'), CultureInfo.InvariantCulture);
        if (call.Method == HttpMethod.Delete)
        {
            _world.Tally.Count("deleted");
            _world.Happened(new Happening.Deleted(now, id, by));
            return;
        }

        using var json = JsonDocument.Parse(answer.Body);
        var action = json.RootElement.GetProperty("action").GetProperty("id").GetInt64();
        if (call.What is "POST shutdown" or "POST power_off" or "POST power_on")
        {
            _world.Tally.Count($"power: {call.What[5..]}");
            _world.Happened(new Happening.PowerSet(now, id, call.What[5..], by));
        }
        else if (call.What is "POST transfer")
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
