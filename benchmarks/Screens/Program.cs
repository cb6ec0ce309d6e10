using DoSnapshot.Screens.Benchmarks;

if (!BenchOptions.TryRead(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

return await BenchRun.RunAsync(options, Console.Out) ? 0 : 1;
