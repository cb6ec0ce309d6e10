namespace DoSnapshot.Simulation.Tests.Core;

/// <summary>Chance that is the same for the same seed, on every machine and by every version of the runtime (SplitMix64).</summary>
internal sealed class Dice
{
    private readonly ulong _seed;
    private ulong _state;

    public Dice(ulong seed)
    {
        _seed = Mix(seed);
        _state = _seed;
    }

    /// <summary>Dice of their own for one matter, so that more throws in one change nothing in another.</summary>
    public Dice For(string matter)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in matter)
        {
            hash = unchecked((hash ^ letter) * 1099511628211UL);
        }

        return new Dice(_seed ^ hash);
    }

    /// <summary>From 0 to less than 1.</summary>
    public double Next()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    public bool Chance(double probability) => probability > 0 && Next() < probability;

    /// <summary>From 0 to less than the number.</summary>
    public int Below(int number) => (int)(Next() * number);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public double Between(double least, double most) => least + (Next() * (most - least));

    public T Pick<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    /// <summary>Any moment as likely as any other, in whole milliseconds.</summary>
    public TimeSpan Time(TimeSpan least, TimeSpan most) => TimeSpan.FromMilliseconds(Math.Floor(Between(least.TotalMilliseconds, most.TotalMilliseconds)));

    /// <summary>Any order of magnitude as likely as any other: seconds as well as hours.</summary>
    public TimeSpan Scale(TimeSpan least, TimeSpan most) =>
        TimeSpan.FromMilliseconds(Math.Floor(Math.Exp(Between(Math.Log(least.TotalMilliseconds), Math.Log(most.TotalMilliseconds)))));

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Below(256);
        }

        return new Guid(bytes);
    }

    private static ulong Mix(ulong value)
    {
        var z = value;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}

/// <summary>The dice in the shape in which the product takes its chance.</summary>
internal sealed class DiceRandom(Dice dice) : Random
{
    public override int Next(int maxValue) => dice.Below(maxValue);

    public override double NextDouble() => dice.Next();

    protected override double Sample() => dice.Next();
}
