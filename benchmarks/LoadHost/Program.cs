using DoSnapshot.Hosting;
using DoSnapshot.LoadHost.Benchmarks;

var settings = HostSettings.FromEnvironment();
return settings.Service is HostSettings.Sandbox
    ? await ScaledSandbox.RunAsync(settings)
    : await PlatformHost.RunAsync(args, new PlatformProcess(5098, platform => ScaledService.Compose(platform, settings)));
