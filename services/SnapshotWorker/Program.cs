using DoSnapshot.Hosting;
using DoSnapshot.SnapshotWorker;

return await PlatformHost.RunAsync(args, platform => platform.AddSnapshotWorker());
