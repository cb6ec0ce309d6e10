using System.Reflection;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.EventLog.Tests;

/// <summary>Events to append: the common ones by name, and one of every kind made from its constructor.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewEvent Enrolled(long droplet) =>
        new(Streams.OfDroplet(droplet), new DropletEnrolled(droplet, $"web-{droplet}", "p", At));

    public static NewEvent Requested(Guid id, long droplet) =>
        NewEvent.Of(id, new SnapshotRequested(id, droplet, $"web-{droplet}", $"web-{droplet}-{id}", "p", Origin.Plan, At));

    public static NewEvent Attempted(Guid id, long droplet, int attempt = 1) =>
        NewEvent.Of(id, new SnapshotAttempted(id, droplet, attempt, At, At.AddMinutes(1)));

    public static NewEvent Completed(Guid id, long droplet, long image) =>
        NewEvent.Of(id, new SnapshotCompleted(id, droplet, image, 2.50m, ["nyc3"], At, At));

    /// <summary>An event of this type with something in every member, or, when <paramref name="bare"/>, with only what it must have.</summary>
    public static object Of(Type type, bool bare)
    {
        var parameters = Assert.Single(type.GetConstructors()).GetParameters();
        return Activator.CreateInstance(type, [.. parameters.Select((p, i) => Value(p, i + 1, bare))])!;
    }

    private static object? Value(ParameterInfo parameter, int number, bool bare)
    {
        var nullability = new NullabilityInfoContext().Create(parameter).WriteState;
        if (bare && nullability is NullabilityState.Nullable)
        {
            return null;
        }

        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(Guid) => new Guid(number, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            _ when type == typeof(string) => $"{parameter.Name} äöü '\"\\ \u2028 <&>",
            _ when type == typeof(long) => 4_000_000_000L + number,
            _ when type == typeof(int) => 70 + number,
            _ when type == typeof(bool) => !bare,
            _ when type == typeof(decimal) => 12.50m,
            // To the tick, which is finer than PostgreSQL's own timestamps.
            _ when type == typeof(DateTimeOffset) => At.AddTicks((number * 86_400_000_0001L) + 1),
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks((number * 86_400_000_0003L) + 7),
            _ when type == typeof(IReadOnlyList<UncoveredDroplet>) => bare ? Array.Empty<UncoveredDroplet>() : new[] { (UncoveredDroplet)Of(typeof(UncoveredDroplet), bare) },
            _ when type == typeof(IReadOnlyList<string>) => bare ? Array.Empty<string>() : ["lon1", "a b"],
            { IsEnum: true } => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1),
            { Namespace: "DoSnapshot.Contracts" } => Of(type, bare),
            _ => throw new InvalidOperationException($"No sample for {parameter.ParameterType} {parameter.Name}."),
        };
    }
}
