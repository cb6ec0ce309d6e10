using DoSnapshot.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Cli.Tests;

/// <summary>A practice account behind an address of this machine, at a pace at which a test can wait for it.</summary>
public sealed class ServedSandbox : IAsyncLifetime
{
    /// <summary>The one token it takes.</summary>
    public const string Token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private WebApplication? app;

    public SandboxAccount Account { get; } = new(
        TimeProvider.System,
        new SandboxSettings
        {
            Token = Token,
            SnapshotDuration = new SandboxDuration(TimeSpan.FromMinutes(10)),
            TransferDuration = new SandboxDuration(TimeSpan.FromMinutes(10)),
        });

    public string Address => app!.Urls.Single();

    /// <summary>The environment of a command that is to work on it.</summary>
    internal Dictionary<string, string?> Environment => new(StringComparer.Ordinal) { ["DO_TOKEN"] = Token, ["DIGITALOCEAN_API_URL"] = Address };

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSandbox(Account);
        app = builder.Build();
        app.MapSandbox();
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }
}
