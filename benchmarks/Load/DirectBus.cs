using System.Reflection;
using MassTransit;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>A bus of which only publishing is used, which hands each message over at once.</summary>
#pragma warning disable CA1852 // The proxy is derived from it when it runs.
internal class DirectBus : DispatchProxy
#pragma warning restore CA1852
{
    private Action<object> _hand = _ => { };

    public static IBus To(Action<object> hand)
    {
        var bus = Create<IBus, DirectBus>();
        ((DirectBus)(object)bus)._hand = hand;
        return bus;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod?.Name is not nameof(IPublishEndpoint.Publish))
        {
            throw new NotSupportedException($"{targetMethod?.Name} is not for publishing.");
        }

        _hand(args![0]!);
        return Task.CompletedTask;
    }
}
