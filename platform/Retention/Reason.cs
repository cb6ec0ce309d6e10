namespace DoSnapshot.Retention;

/// <summary>Why a restore point stays or goes. The cases are the nested records and no others.</summary>
public abstract record Reason
{
    private Reason()
    {
    }

    /// <summary>Whether this is a reason to keep the point (true) or to delete it (false).</summary>
    public abstract bool Keeps { get; }

    /// <summary>The reason for a human reader.</summary>
    /// <returns>One sentence without a full stop, beginning with <c>kept:</c> or <c>deleted:</c>.</returns>
    public abstract string Describe();

    /// <summary>The same text as <see cref="Describe"/>.</summary>
    /// <returns>One sentence.</returns>
    public sealed override string ToString() => Describe();

    /// <summary>Kept, because the point is younger than every rule's age.</summary>
    /// <param name="YoungestAge">The age of the youngest rule, which will reach the point first; null when the policy has no rule.</param>
    public sealed record NotReached(Period? YoungestAge) : Reason
    {
        /// <inheritdoc/>
        public override bool Keeps => true;

        /// <inheritdoc/>
        public override string Describe() => YoungestAge is { } age
            ? $"kept: not yet {age} old, and no rule reaches anything younger"
            : "kept: the policy has no rule";
    }

    /// <summary>Kept, because the point is the oldest of its rule's group.</summary>
    /// <param name="Rule">The rule whose group the point belongs to.</param>
    public sealed record FirstOfGroup(KeepRule Rule) : Reason
    {
        /// <inheritdoc/>
        public override bool Keeps => true;

        /// <inheritdoc/>
        public override string Describe() => $"kept: the oldest of those that fall to {Rule}";
    }

    /// <summary>Kept, because the point is at least the rule's interval after the last one kept before it.</summary>
    /// <param name="Rule">The rule whose group both points belong to.</param>
    /// <param name="LastKept">The last point kept before this one.</param>
    /// <param name="Distance">From the slot of <paramref name="LastKept"/> to this point's; whole seconds.</param>
    public sealed record FarEnough(KeepRule Rule, RestorePoint LastKept, TimeSpan Distance) : Reason
    {
        /// <inheritdoc/>
        public override bool Keeps => true;

        /// <inheritdoc/>
        public override string Describe() =>
            $"kept: {Instant.Text(Distance)} after {Instant.Text(LastKept.Slot)}, and {Rule} keeps one every {Rule.Interval}";
    }

    /// <summary>Deleted, because the rule's interval is zero.</summary>
    /// <param name="Rule">The rule whose group the point belongs to.</param>
    public sealed record IntervalZero(KeepRule Rule) : Reason
    {
        /// <inheritdoc/>
        public override bool Keeps => false;

        /// <inheritdoc/>
        public override string Describe() => $"deleted: {Rule} keeps none that falls to it";
    }

    /// <summary>Deleted, because the point is less than the rule's interval after one that is kept.</summary>
    /// <param name="Rule">The rule whose group both points belong to.</param>
    /// <param name="KeptInstead">The last point kept before this one.</param>
    /// <param name="Distance">
    /// From the slot of <paramref name="KeptInstead"/> to this point's; whole seconds, less than the interval.
    /// </param>
    public sealed record TooClose(KeepRule Rule, RestorePoint KeptInstead, TimeSpan Distance) : Reason
    {
        /// <inheritdoc/>
        public override bool Keeps => false;

        /// <inheritdoc/>
        public override string Describe() =>
            $"deleted: only {Instant.Text(Distance)} after {Instant.Text(KeptInstead.Slot)} (id {KeptInstead.Id}), "
            + $"which is kept, and {Rule} keeps one every {Rule.Interval}";
    }
}
