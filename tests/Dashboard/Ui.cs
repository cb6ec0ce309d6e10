using Bunit;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Components as a browser would show them, over a fake API.</summary>
internal sealed class Ui : BunitContext
{
    public Ui(string role = "operator")
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Api.Answer("/v1/status", () => Status());
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton(new DashboardSettings(new Uri("http://api.test/"), DashboardSettings.Address, IsThisMachineOnly: true, KeysDirectory: null, Price: 0.06m));
        Services.AddSingleton(new ApiClients(new Uri("http://api.test/"), TimeProvider.System, Api));
        Services.AddSingleton<Feeds>();
        Services.AddSingleton<OpenPages>();
        Services.AddScoped<Sessions>();
        Services.AddScoped<Acts>();
        Services.AddScoped<Notices>();
        Services.AddScoped<BrowserClock>();
        Services.AddMudServices();
        Services.AddSingleton<AuthenticationStateProvider>(new Known(role));
    }

    public FakeApi Api { get; } = new();

    public JumpingClock Clock { get; } = new();

    public IDialogService Dialogs => Services.GetRequiredService<IDialogService>();

    public Task InvokeAsync(Func<Task> work) => Renderer.Dispatcher.InvokeAsync(work);

    /// <summary>How the droplets stand.</summary>
    public Func<StatusShape> Status { get; set; } = () => Sample.Status(Sample.Of(Sample.Droplet, "web-41"));

    /// <summary>The session, once it has heard something.</summary>
    public async Task<Session> SessionAsync()
    {
        var session = await Services.GetRequiredService<Sessions>().OpenAsync();
        Assert.True(await DoSnapshot.Tests.Support.Eventually.HoldsAsync(() => session.Feed.State.Status is not null));
        return session;
    }

    private sealed class Known : AuthenticationStateProvider
    {
        private readonly AuthenticationState _state;

        public Known(string role)
        {
            _state = new AuthenticationState(new(Sessions.Identity(new MeShape { Name = "api:ann", Role = role }, token: null, "test", TimeProvider.System.GetUtcNow().AddDays(7))));
        }

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(_state);
    }
}
