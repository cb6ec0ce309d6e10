using DoSnapshot.Hosting;
using DoSnapshot.TransferWorker;

return await PlatformHost.RunAsync(args, platform => platform.AddTransferWorker());
