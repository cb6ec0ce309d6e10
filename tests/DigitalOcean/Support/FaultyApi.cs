using DoSnapshot.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.DigitalOcean.Tests.Support;

/// <summary>The client against an account to practise on, with a droplet and a snapshot of it; in this process, or over real connections.</summary>
internal sealed class FaultyApi : IAsyncDisposable
{
    private readonly WebApplication? server;
    private readonly HttpClient http;

    private FaultyApi(SandboxAccount account, CollapsedTime time, WebApplication? server)
    {
        this.server = server;
        http = new HttpClient(server is null ? new SandboxHandler(account) : DigitalOceanClient.CreateHandler());
        Account = account;
        Time = time;
        DropletId = account.AddDroplet(new NewDroplet { Name = "web-1", Tags = ["web"] }).OrThrow().Id;
        ImageId = account.PlantSnapshot(new NewSnapshot { Name = "old", DropletId = DropletId }).OrThrow().Id;
        Client = new DigitalOceanClient(
            http,
            new DigitalOceanOptions
            {
                Token = Rig.Token,
                ApiUrl = new Uri(server?.Urls.First() ?? "https://api.digitalocean.com"),
                RequestTimeout = CollapsedTime.RequestTimeout,
            },
            time);
    }

    public SandboxAccount Account { get; }

    public CollapsedTime Time { get; }

    public DigitalOceanClient Client { get; }

    public long DropletId { get; }

    public long ImageId { get; }

    /// <summary>How many requests of this method took effect or were refused, as the account knows.</summary>
    public int Arrived(string method) => Account.Journal.All().Count(call => call.Method == method);

    public static async Task<FaultyApi> StartAsync(bool overTheWire)
    {
        var time = new CollapsedTime();
        var account = new SandboxAccount(time, new SandboxSettings { Variation = 0 }.WithoutRateLimits());
        if (!overTheWire)
            return new FaultyApi(account, time, server: null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSandbox(account);
        var app = builder.Build();
        app.MapSandbox();
        await app.StartAsync(Rig.Ct);
        return new FaultyApi(account, time, app);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
