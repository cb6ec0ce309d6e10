using Bunit;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What a page shows of many droplets is asked for at once.</summary>
public sealed class SlotBookTests
{
    [Fact]
    public async Task The_strips_of_a_page_are_one_question_however_many_droplets_there_are()
    {
        await using var ui = new Ui();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        ui.Services.AddSingleton<TimeProvider>(clock);
        await ui.SessionAsync();
        DropletShape[] droplets = [.. Enumerable.Range(1, 2_000).Select(n => Sample.Of(n, $"web-{n}"))];
        var table = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, droplets).Add(t => t.At, Sample.Now));
        // However long the page takes to draw them: no time passes.
        table.WaitForAssertion(() => Assert.Equal(25, table.FindAll(".strip[aria-busy]").Count), TimeSpan.FromSeconds(10));
        table.WaitForAssertion(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                Assert.Equal(25, table.FindAll("svg.strip").Count);
            },
            TimeSpan.FromSeconds(10));
        var asked = Assert.Single(Asked(ui.Api));
        Assert.Equal(25, asked.Split("droplet=").Length - 1);
        Assert.DoesNotContain(ui.Api.Calls, c => c.Request.Contains("/v1/droplets/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_the_api_takes_at_once_are_several_questions()
    {
        using var world = new World();
        var all = await world.AskAllAsync([.. Enumerable.Range(1, 250)]);
        Assert.All(all, slots => Assert.Equal(3, slots.Length));
        Assert.Equal([100, 100, 50], Asked(world.Api).Select(a => a.Split("droplet=").Length - 1));
    }

    [Fact]
    public async Task What_is_known_is_not_asked_for_again_until_something_happens_or_a_minute_is_over()
    {
        using var world = new World();
        await world.AskAsync(1);
        await world.AskAsync(1);
        Assert.Single(Asked(world.Api));
        await world.AskAsync(1, place: 7);
        Assert.Equal(2, Asked(world.Api).Count());
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await world.AskAsync(1, place: 7);
        Assert.Equal(3, Asked(world.Api).Count());
    }

    [Fact]
    public async Task What_cannot_be_had_is_said_to_each_and_asked_for_again()
    {
        using var world = new World();
        world.Api.IsDown = true;
        var both = new[] { world.AskAsync(1), world.AskAsync(2) };
        foreach (var one in both)
        {
            await Assert.ThrowsAsync<ApiTroubleException>(() => one);
        }

        world.Api.IsDown = false;
        Assert.Equal(3, (await world.AskAsync(1)).Length);
    }

    private static IEnumerable<string> Asked(FakeApi api) => api.Calls.Select(c => c.Request).Where(r => r.StartsWith("GET /v1/slots", StringComparison.Ordinal));

    private sealed class World : IDisposable
    {
        private readonly ApiClients _clients;
        private readonly SlotBook _book;

        public World()
        {
            _clients = new ApiClients(new Uri("http://api.test/"), TimeProvider.System, Api);
            _book = new SlotBook(_clients.Of(null), Clock, CancellationToken.None);
        }

        public FakeApi Api { get; } = new();

        public FakeTimeProvider Clock { get; } = new(Sample.Now) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

        public async Task<SlotShape[]> AskAsync(long droplet, long place = 0) => (await AskAllAsync([droplet], place))[0];

        /// <summary>All ask before any time passes.</summary>
        public async Task<SlotShape[][]> AskAllAsync(long[] droplets, long place = 0)
        {
            var asked = Task.WhenAll(droplets.Select(d => _book.OfAsync(d, place)).ToList());
            while (!asked.IsCompleted)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Yield();
            }

            return await asked;
        }

        public void Dispose() => _clients.Dispose();
    }
}
