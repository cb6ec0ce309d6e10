using System.Collections.Immutable;

namespace DoSnapshot.Retention.Linting;

/// <summary>
/// Something to know about a policy before it deletes anything. The cases are the nested records and no others. All lengths are whole
/// hours.
/// </summary>
public abstract record Finding
{
    private Finding()
    {
    }

    /// <summary>How much it matters.</summary>
    public abstract Severity Severity { get; }

    /// <summary>The rules it is about, the one that is at fault first; empty when it is about the policy as a whole.</summary>
    public abstract ImmutableArray<KeepRule> Rules { get; }

    /// <summary>The finding for a human reader.</summary>
    /// <returns>One sentence without a full stop.</returns>
    public abstract string Describe();

    /// <summary>The same text as <see cref="Describe"/>.</summary>
    /// <returns>One sentence.</returns>
    public sealed override string ToString() => Describe();

    /// <summary>The spacing that a rule really gives. Each rule that applies and keeps something has one such finding.</summary>
    /// <param name="Rule">The rule.</param>
    /// <param name="Reaching">The spacing of the snapshots that come to it.</param>
    /// <param name="NextOlder">The next older rule, which takes over from it; null for the oldest.</param>
    /// <param name="Given">
    /// The spacing of those that it leaves: the smallest multiple of <paramref name="Reaching"/> that is at least its interval, or at least
    /// the width of its band of ages where that is narrower, since a snapshot is compared with others of the same band only.
    /// </param>
    public sealed record Spacing(KeepRule Rule, TimeSpan Reaching, KeepRule? NextOlder, TimeSpan Given) : Finding
    {
        /// <summary>Whether the rule asks for more snapshots than come to it.</summary>
        public bool CannotBeMet => Reaching > Rule.Interval.Duration;

        /// <inheritdoc/>
        public override Severity Severity =>
            CannotBeMet ? Severity.Error : Given == Rule.Interval.Duration ? Severity.Info : Severity.Warning;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [Rule];

        /// <inheritdoc/>
        public override string Describe()
        {
            string asked = $"one every {Rule.Interval.DescribeRepeat()}";
            string given = $"one every {Instant.Repeat(Given)}";
            string reaching = $"one every {Instant.Repeat(Reaching)}";
            if (CannotBeMet)
            {
                return $"{Rule} cannot be met: it asks for {asked}, but only {reaching} comes to it, and it gives {given}";
            }

            if (Given == Rule.Interval.Duration)
            {
                return $"{Rule} gives {given}, as it asks";
            }

            return Given < Rule.Interval.Duration
                ? $"{Rule} gives {given}, not {asked}: {NextOlder} takes over before two so far apart can be compared"
                : $"{Rule} gives {given}, not {asked}: {reaching} comes to it";
        }
    }

    /// <summary>
    /// A rule that keeps something reaches a snapshot before the next one is taken. If the rule deletes any, it may be the newest, as too
    /// close to an older one; by elapsed time the tool then takes another too early.
    /// </summary>
    /// <param name="Rule">The rule.</param>
    /// <param name="Every">The time between snapshots.</param>
    /// <param name="Deletes">Whether the rule deletes any of those that come to it.</param>
    public sealed record AgeBelowEvery(KeepRule Rule, Period Every, bool Deletes) : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Deletes ? Severity.Warning : Severity.Info;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [Rule];

        /// <inheritdoc/>
        public override string Describe()
        {
            string early = $"{Rule} applies to a snapshot before the next is taken, which is only every {Every.DescribeRepeat()}";
            return Deletes
                ? $"{early}: it may delete the newest, and by elapsed time another is then taken too early"
                : $"{early}: no harm, since it deletes none";
        }
    }

    /// <summary>There are times at which the policy has deleted every snapshot and the next one is not yet taken.</summary>
    /// <param name="Rule">The rule that deletes the last one.</param>
    /// <param name="Gap">How long there is none; zero when the last one goes just as the next is taken.</param>
    /// <param name="Cycle">How often that happens.</param>
    public sealed record KeepsNothing(KeepRule Rule, TimeSpan Gap, TimeSpan Cycle) : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Severity.Error;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [Rule];

        /// <inheritdoc/>
        public override string Describe() => Gap switch
        {
            _ when Gap == TimeSpan.Zero =>
                $"{Rule} deletes the last snapshot just as the next is taken: while that is in progress, there is none",
            _ when Gap == Cycle => $"{Rule} deletes every snapshot at the run after it was taken: nothing is kept",
            _ =>
                $"{Rule} deletes the last snapshot before the next is taken: for {Instant.Words(Gap)} of every {Instant.Repeat(Cycle)} "
                + "there is none",
        };
    }

    /// <summary>A rule has the age of another that was given before it, which alone applies.</summary>
    /// <param name="Rule">The rule that never applies.</param>
    /// <param name="First">The one that does.</param>
    public sealed record EqualAge(KeepRule Rule, KeepRule First) : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Severity.Error;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [Rule, First];

        /// <inheritdoc/>
        public override string Describe() => $"{Rule} never applies: {First}, given before it, has the same age";
    }

    /// <summary>Nothing is left for a rule, because a younger one deletes all.</summary>
    /// <param name="Rule">The rule that never applies.</param>
    /// <param name="Younger">The one that keeps none.</param>
    public sealed record NeverReached(KeepRule Rule, KeepRule Younger) : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Severity.Error;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [Rule, Younger];

        /// <inheritdoc/>
        public override string Describe() => $"{Rule} never applies: {Younger} deletes what would come to it";
    }

    /// <summary>No rule deletes all from some age on, so that the number of snapshots grows for ever.</summary>
    /// <param name="AfterOneYear">How many there are after 365 days; null when snapshots have no spacing.</param>
    /// <param name="OneMoreEvery">The spacing of those that stay for ever; null when snapshots have no spacing.</param>
    public sealed record NoEnd(int? AfterOneYear, TimeSpan? OneMoreEvery) : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Severity.Warning;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [];

        /// <inheritdoc/>
        public override string Describe() => AfterOneYear is { } count && OneMoreEvery is { } spacing
            ? $"no rule ends it: {Instant.Counted(count, "snapshot")} after a year, and one more every {Instant.Repeat(spacing)} for ever"
            : "no rule ends it: the number of snapshots grows for ever";
    }

    /// <summary>A snapshot is taken at every run, so that the spacing depends on how often the tool runs, and is not known here.</summary>
    public sealed record EveryRun : Finding
    {
        /// <inheritdoc/>
        public override Severity Severity => Severity.Warning;

        /// <inheritdoc/>
        public override ImmutableArray<KeepRule> Rules => [];

        /// <inheritdoc/>
        public override string Describe() =>
            "a snapshot is taken at every run, however soon: what the rules give depends on how often that is";
    }
}
