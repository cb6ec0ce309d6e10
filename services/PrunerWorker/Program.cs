using DoSnapshot.Hosting;
using DoSnapshot.PrunerWorker;

return await PlatformHost.RunAsync(args, port: 5084, platform => platform.AddPrunerWorker());
