using DoSnapshot.Load.Benchmarks;
using DoSnapshot.Load.Benchmarks.Processes;

if (!LoadOptions.TryRead(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

return (options.AsProcesses ? await ProcessRun.RunAsync(options, Console.Out) : LoadRun.Run(options, Console.Out)) ? 0 : 1;
