using DoSnapshot.CrashHost.Tests;
using DoSnapshot.Hosting;

return await PlatformHost.RunAsync(args, new PlatformProcess(5099, CrashingService.Compose));
