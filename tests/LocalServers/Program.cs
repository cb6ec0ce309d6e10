using DoSnapshot.LocalServers.Tests;
using Xunit.Runner.InProc.SystemConsole;

return args is [Victim.Argument, ..] ? await Victim.RunAsync(args.ElementAtOrDefault(1)) : await ConsoleRunner.Run(args);
