using DoSnapshot.Simulation.Tests.Bench;
using Xunit.Runner.InProc.SystemConsole;

return BenchOptions.TryRead(args) is { } options ? BenchRun.Run(options) : await ConsoleRunner.Run(args);
