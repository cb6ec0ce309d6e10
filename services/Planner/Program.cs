using DoSnapshot.Hosting;
using DoSnapshot.Planner;

return await PlatformHost.RunAsync(args, platform => platform.AddPlanner());
