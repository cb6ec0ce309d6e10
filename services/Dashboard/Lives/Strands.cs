using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>A life from event to event: what of it goes its own way, and how.</summary>
internal sealed class Strands
{
    private static readonly (Strand, string?) Itself = (Strand.Itself, null);

    /// <summary>A retry of which nobody knows here what it was of.</summary>
    private static readonly (Strand, string?) Unheard = (Strand.Retry, null);

    /// <summary>What tells how a life goes comes first.</summary>
    private static readonly LifeCourse[] Ranks =
        [LifeCourse.GivenUp, LifeCourse.Lost, LifeCourse.PutOff, LifeCourse.Held, LifeCourse.Running, LifeCourse.Unknown, LifeCourse.Done];

    private readonly Dictionary<(Strand Of, string? Which), (LifeCourse Course, LogEventShape By)> strands = [];

    /// <summary>How its copies stood when it was decided that it goes: they stand so again where it does not go.</summary>
    private readonly Dictionary<(Strand Of, string? Which), (LifeCourse Course, LogEventShape By)> resting = [];

    /// <summary>How a life goes by all that happened, and the event that tells it: of several strands the one that goes worst, of equal ones what happened last.</summary>
    /// <param name="steps">What happened, oldest first; at least one event.</param>
    /// <param name="held">What is held at this moment; null where that is not known.</param>
    public static (LifeCourse Course, LogEventShape By) Of(IReadOnlyList<LogEventShape> steps, HeldNow? held)
    {
        var all = new Strands();
        foreach (var step in steps)
        {
            all.Take(step);
        }

        var last = steps[^1];
        var (course, by) = all.strands.Values
            .Select(s => s.Course is LifeCourse.Held && held?.Is(s.By) is false ? (Course: LifeCourse.Done, s.By) : s)
            .Append((Course: Turn.Taken(last) is null ? LifeCourse.Unknown : LifeCourse.Done, By: last))
            .OrderBy(s => Array.IndexOf(Ranks, s.Course))
            .ThenByDescending(s => s.By.Sequence)
            .First();
        return (course, by);
    }

    private void Take(LogEventShape e)
    {
        // Whatever it was of, something has come of it.
        strands.Remove(Unheard);
        // What is of a type that is not known here changes nothing that is.
        if (Turn.Taken(e) is not { } turn)
        {
            return;
        }

        switch (turn.Of)
        {
            case Strand.Copy:
                strands[(Strand.Copy, e.Region)] = (turn.To, e);
                break;
            case Strand.Brake:
                strands[(Strand.Brake, e.Plan)] = (turn.To, e);
                break;
            case Strand.End:
                End(e.Type is "snapshot_expired");
                strands[Itself] = (turn.To, e);
                break;
            case Strand.Retry:
                Retry(e);
                break;
            case Strand.Pin:
                // A guard that is gone holds it no more; what the next decision finds is told then.
                if (strands.GetValueOrDefault(Itself) is { Course: LifeCourse.Held, By.Guard: "pinned" } && e.Type is "snapshot_unpinned")
                {
                    strands[Itself] = (turn.To, e);
                }

                break;
            default:
                strands[(turn.Of, null)] = (turn.To, e);
                Mend(e);
                break;
        }
    }

    /// <summary>What waits for a later moment, and a copy that was given up, is tried at once. A deletion that was refused is none any more: the rules look again.</summary>
    private void Retry(LogEventShape e)
    {
        var isKnown = false;
        foreach (var (which, (course, by)) in strands.ToList())
        {
            if (by.Type is "prune_refused")
            {
                (strands[which], isKnown) = ((LifeCourse.Done, e), true);
            }
            else if (course is LifeCourse.PutOff || (course is LifeCourse.GivenUp && which.Of is Strand.Copy))
            {
                (strands[which], isKnown) = ((LifeCourse.Running, e), true);
            }
        }

        foreach (var which in resting.Where(r => r.Value.Course is LifeCourse.PutOff or LifeCourse.GivenUp).Select(r => r.Key).ToList())
        {
            resting[which] = (LifeCourse.Running, e);
        }

        if (!isKnown)
        {
            // Of what was not heard from its beginning, nobody knows here what waited.
            strands[Unheard] = (LifeCourse.Running, e);
        }
    }

    /// <summary>No copy is wanted any more; where it was only decided that it goes, that may be taken back.</summary>
    private void End(bool isDecision)
    {
        if (!isDecision)
        {
            resting.Clear();
        }

        foreach (var (which, how) in isDecision ? strands.Where(s => s.Key.Of is Strand.Copy) : [])
        {
            resting[which] = how;
        }

        strands.Clear();
    }

    /// <summary>
    /// What is over with an event that is about something else: another version of a plan is checked anew, a droplet that left its plan is claimed by none, and of a snapshot that
    /// stays after all the copies are wanted again.
    /// </summary>
    private void Mend(LogEventShape e)
    {
        if (e.Type is "expiry_withdrawn" or "prune_refused")
        {
            foreach (var (which, how) in resting)
            {
                // What came of a copy that was at work meanwhile stands.
                strands.TryAdd(which, how);
            }

            resting.Clear();
        }
        else if (e.Type is "plan_changed")
        {
            strands.Remove((Strand.Brake, e.Plan));
        }
        else if (e.Type is "droplet_withdrawn")
        {
            strands.Remove((Strand.Claims, null));
        }
    }
}

/// <summary>What is held at this moment. That something was held was told once; that it is no more, no event tells.</summary>
/// <param name="At">The moment, UTC: what happened later is not known here.</param>
/// <param name="Droplets">The droplets of which something is held.</param>
/// <param name="Brakes">Whether a brake is on anywhere.</param>
internal sealed record HeldNow(DateTimeOffset At, IReadOnlySet<long> Droplets, bool Brakes)
{
    /// <summary>What is held by how the droplets stand; null where that is not known.</summary>
    public static HeldNow? Of(StatusShape? status) =>
        status is null ? null : new HeldNow(status.At, status.Droplets.Where(d => d.Held > 0).Select(d => d.DropletId).ToHashSet(), status.Brakes.Length > 0);

    /// <summary>Whether what an event told to be held may be held still.</summary>
    public bool Is(LogEventShape e) => e.At > At || (e.Type, e.Guard) switch
    {
        ("expiry_held", "brake") => Brakes && IsOfDroplet(e),
        ("expiry_held", _) => IsOfDroplet(e),
        ("brake_applied", _) => Brakes,
        _ => true,
    };

    private bool IsOfDroplet(LogEventShape e) => e.DropletId is { } id && Droplets.Contains(id);
}
