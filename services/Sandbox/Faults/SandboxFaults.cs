using System.Runtime.InteropServices;

namespace DoSnapshot.Sandbox;

/// <summary>
/// What goes wrong between the clients of an account and its API: nothing, until rules say so. Deterministic: the same rules, the same
/// random numbers and the same calls in the same order give the same faults. Safe for use by many threads.
/// </summary>
/// <param name="random">Decides where a rule has a probability; the same numbers in every run if not said.</param>
public sealed class SandboxFaults(Random? random = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<SandboxFaultKind, long>> _counts = new(StringComparer.Ordinal);
    private Random _random = random ?? new Random(0);
    private Entry[] _entries = [];
    private long _clockSkewTicks;

    /// <summary>The rules in force, in the order in which they are asked.</summary>
    public IReadOnlyList<SandboxFaultRule> Rules => [.. Volatile.Read(ref _entries).Select(entry => entry.Rule)];

    /// <summary>
    /// How far the API's clock is ahead of the account's; negative if behind. It shows in the <c>Date</c> of answers, in <c>ratelimit-reset</c>, and
    /// in when actions and snapshots are said to have begun and ended; nothing takes longer or shorter by it.
    /// </summary>
    public TimeSpan ClockSkew
    {
        get => new(Volatile.Read(ref _clockSkewTicks));
        set => Volatile.Write(ref _clockSkewTicks, value.Ticks);
    }

    /// <summary>Puts these rules in force and no others; each begins to count its calls anew.</summary>
    /// <exception cref="ArgumentException">One of them has a mistake.</exception>
    public void Set(params IReadOnlyList<SandboxFaultRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var entries = rules.Select(Checked).ToArray();
        lock (_gate)
            Volatile.Write(ref _entries, entries);
    }

    /// <summary>Puts one more rule in force, behind the others, which go on.</summary>
    /// <exception cref="ArgumentException">It has a mistake.</exception>
    public void Add(SandboxFaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var entry = Checked(rule);
        lock (_gate)
            Volatile.Write(ref _entries, [.. _entries, entry]);
    }

    /// <summary>Ends all faults and sets the clock right. What was injected stays counted.</summary>
    public void Clear()
    {
        lock (_gate)
            Volatile.Write(ref _entries, []);
        ClockSkew = TimeSpan.Zero;
    }

    /// <summary>Begins the random numbers anew, from here.</summary>
    public void Reseed(int seed)
    {
        lock (_gate)
            _random = new Random(seed);
    }

    /// <summary>How many faults were injected.</summary>
    public SandboxFaultCounts Counts()
    {
        lock (_gate)
        {
            var byKind = _counts.Values.SelectMany(kinds => kinds).GroupBy(pair => pair.Key, pair => pair.Value).ToDictionary(kind => kind.Key, kind => kind.Sum());
            var byCall = _counts.ToDictionary(
                call => call.Key, IReadOnlyDictionary<SandboxFaultKind, long> (call) => new Dictionary<SandboxFaultKind, long>(call.Value), StringComparer.Ordinal);
            return new SandboxFaultCounts(byKind.Values.Sum(), byKind, byCall);
        }
    }

    /// <summary>The rules with how many calls each saw and hit.</summary>
    internal IReadOnlyList<(SandboxFaultRule Rule, long Seen, long Hit)> Standing()
    {
        lock (_gate)
            return [.. _entries.Select(entry => (entry.Rule, entry.Seen, entry.Hit))];
    }

    /// <summary>How old the oldest list is that a rule may ask for; none if no rule does.</summary>
    internal TimeSpan? LongestMemory => Volatile.Read(ref _entries) is { Length: > 0 } entries
        ? entries.Where(entry => entry.Rule.Kind == SandboxFaultKind.StaleList).Max(entry => (TimeSpan?)entry.Rule.Duration)
        : null;

    /// <summary>
    /// What is to happen to a call, and counts it. Slowness goes with anything; of the rest, the first rule that hits is the one.
    /// </summary>
    internal SandboxFaultDraw Draw(SandboxRequest request)
    {
        if (Volatile.Read(ref _entries) is [])
            return SandboxFaultDraw.None;
        var call = SandboxCallPattern.CallOf(request);
        var action = SandboxCallPattern.ActionOf(request, call);
        var draw = SandboxFaultDraw.None;
        lock (_gate)
        {
            foreach (var entry in _entries.Where(entry => IsAbout(entry, call, action)))
            {
                entry.Seen++;
                if ((draw.Fault is not null && !entry.Rule.IsSlow) || !Hits(entry))
                    continue;
                entry.Hit++;
                draw = draw.With(entry.Rule);
                CollectionsMarshal.GetValueRefOrAddDefault(CountsOf(call), entry.Rule.Kind, out _)++;
            }
        }

        return draw;
    }

    private bool Hits(Entry entry) =>
        entry.Seen > entry.Rule.Skip
            && (entry.Rule.Times is not { } times || entry.Hit < times)
            && (entry.Rule.Probability >= 1 || _random.NextDouble() < entry.Rule.Probability);

    private Dictionary<SandboxFaultKind, long> CountsOf(SandboxKnownCall call) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, call.Name, out _) ??= [];

    private static bool IsAbout(Entry entry, SandboxKnownCall call, string? action) =>
        entry.Pattern.Covers(call)
            && (entry.Rule.Action is not { } wanted || string.Equals(wanted, action, StringComparison.Ordinal))
            && IsPossible(entry.Rule.Kind, call);

    /// <summary>A rule for every call means only those that it can happen to.</summary>
    private static bool IsPossible(SandboxFaultKind kind, SandboxKnownCall call) => kind switch
    {
        SandboxFaultKind.StaleList => call.IsRememberedList,
        SandboxFaultKind.TruncatedJson or SandboxFaultKind.CutInBody => call.IsAnsweredInFull,
        _ => true,
    };

    private static Entry Checked(SandboxFaultRule rule) =>
        rule.Mistakes().Select(mistake => $"{mistake.Member} {mistake.Mistake}").ToList() is { Count: > 0 } mistakes
            ? throw new ArgumentException(string.Join(' ', mistakes), nameof(rule))
            : new Entry(rule, SandboxCallPattern.TryRead(rule.Calls)!);

    private sealed class Entry(SandboxFaultRule rule, SandboxCallPattern pattern)
    {
        public SandboxFaultRule Rule { get; } = rule;

        public SandboxCallPattern Pattern { get; } = pattern;

        public long Seen { get; set; }

        public long Hit { get; set; }
    }
}

/// <summary>What is to happen to one call.</summary>
/// <param name="RequestDelay">How late it reaches the account.</param>
/// <param name="AnswerDelay">How late the answer comes.</param>
/// <param name="Fault">What else happens; none if nothing.</param>
internal readonly record struct SandboxFaultDraw(TimeSpan RequestDelay, TimeSpan AnswerDelay, SandboxFaultRule? Fault)
{
    public static SandboxFaultDraw None => default;

    public SandboxFaultDraw With(SandboxFaultRule rule) => rule.Kind switch
    {
        SandboxFaultKind.SlowRequest => this with { RequestDelay = RequestDelay + rule.Duration },
        SandboxFaultKind.SlowAnswer => this with { AnswerDelay = AnswerDelay + rule.Duration },
        _ => this with { Fault = rule },
    };
}
