using DoSnapshot.Hosting;
using DoSnapshot.PrunerWorker;

return await PlatformHost.RunAsync(args, platform => platform.AddPrunerWorker());
