using DoSnapshot.Hosting;
using DoSnapshot.Planner;

return await PlatformHost.RunAsync(args, port: 5081, platform => platform.AddPlanner());
