using DoSnapshot.Load.Benchmarks;

if (LoadOptions.TryRead(args, out var options, out var problem))
{
    return LoadRun.Run(options, Console.Out) ? 0 : 1;
}

Console.Error.WriteLine(problem);
return 2;
