using DoSnapshot.Hosting;
using DoSnapshot.TransferWorker;

return await PlatformHost.RunAsync(args, port: 5083, platform => platform.AddTransferWorker());
