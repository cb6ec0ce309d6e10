using DoSnapshot.Hosting;
using DoSnapshot.SnapshotWorker;

return await PlatformHost.RunAsync(args, port: 5082, platform => platform.AddSnapshotWorker());
