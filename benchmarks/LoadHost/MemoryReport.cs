namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>Tells what of the process's memory stays after a full collection, at <c>/bench/memory</c>.</summary>
internal sealed class MemoryReport : IStartupFilter
{
    public const string Path = "/bench/memory";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map(Path, branch => branch.Run(context => context.Response.WriteAsJsonAsync(Collect(), context.RequestAborted)));
        next(app);
    };

    private static HeapAfterCollection Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return new HeapAfterCollection(GC.GetTotalMemory(forceFullCollection: true), System.Runtime.GCSettings.IsServerGC);
    }
}

/// <summary>The managed heap right after a full collection.</summary>
/// <param name="Bytes">What is alive.</param>
/// <param name="IsServer">Whether the collector is the one for servers.</param>
public sealed record HeapAfterCollection(long Bytes, bool IsServer);
