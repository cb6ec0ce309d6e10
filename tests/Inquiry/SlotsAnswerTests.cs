using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>Many droplets' turns at once are those of each by itself; and those that no plan covers are told of with why.</summary>
public sealed class SlotsAnswerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_a_world_in_which_much_goes_wrong_the_turns_are_the_same_by_either_question(ulong seed)
    {
        var (alone, together) = Sim.OnOwnThread(() =>
        {
            using var world = new World(seed, new WorldOptions { Days = 12, Droplets = 5 });
            world.Run();
            var (log, now) = (world.Log, world.Sim.Now);
            long[] ids = [.. log.LoadLedgersAsync(null, CancellationToken.None).Result.Where(l => l.Droplet is not null).Select(l => l.DropletId)];
            return (
                ids.Select(id => Answer(output => DropletAnswer.WriteAsync(log, $"{id}", 0, now, json: true, output, CancellationToken.None)).GetProperty("slots")).Select(Told).ToList(),
                Answer(output => SlotsAnswer.WriteAsync(log, [.. ids.Select(id => $"{id}")], now, json: true, output, CancellationToken.None))
                    .GetProperty("droplets").EnumerateArray().Select(d => Told(d.GetProperty("slots"))).ToList());
        });
        Assert.NotEmpty(alone);
        Assert.Equal(alone, together);
    }

    [Fact]
    public void What_a_rule_has_let_go_long_ago_is_in_its_turn()
    {
        var history = new History(History.Terms("0h:4d", timing: PlanTiming.Anchored), droplets: 2);
        history.Run(TimeSpan.FromDays(25));
        var slots = Answer(output => SlotsAnswer.WriteAsync(history.Log, ["web-42", "41", "42"], history.Last, json: true, output, Ct)).GetProperty("droplets").EnumerateArray().ToList();
        Assert.Equal(["web-42", "web-41"], slots.Select(s => s.GetProperty("name").GetString()));
        Assert.All(slots, s => Assert.True(s.GetProperty("slots").EnumerateArray().Count(t => t.GetProperty("state").GetString() == "thinned") > 15));
    }

    [Fact]
    public void A_droplet_that_left_its_plan_is_told_of_and_one_that_is_no_more_for_what_is_left_of_it()
    {
        var history = new History(History.Terms("0h:4d"), droplets: 4);
        history.Run(TimeSpan.FromDays(2));
        history.Tell(41, new DropletWithdrawn(41, History.Plan, "the droplet no longer has the tag 'tag'", history.Last));
        history.Tell(42, new DropletWithdrawn(42, History.Plan, "the droplet is no more", history.Last));
        history.Tell(43, new DropletWithdrawn(43, History.Plan, "it was in another by mistake", history.Last.AddDays(-1)));
        history.Tell(43, new DropletEnrolled(43, "web-43", History.Plan, history.Last));
        history.Tell(99, new DropletEnrolled(99, "nothing-left", History.Plan, history.Last));
        history.Tell(99, new DropletWithdrawn(99, History.Plan, "the droplet is no more", history.Last));
        var gone = Assert.Single(Told(history).EnumerateArray(), d => d.GetProperty("gone").GetBoolean());
        Assert.Equal((42, true), (gone.GetProperty("dropletId").GetInt64(), gone.GetProperty("snapshots").GetInt32() > 0));
        var left = Assert.Single(Told(history).EnumerateArray(), d => !d.GetProperty("gone").GetBoolean());
        Assert.Equal((41, "p", "tag", "the droplet no longer has the tag 'tag'"), (
            left.GetProperty("dropletId").GetInt64(), left.GetProperty("plan").GetString(), left.GetProperty("tag").GetString(), left.GetProperty("why").GetString()));
        Assert.Equal(history.Last, left.GetProperty("since").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.True(left.GetProperty("snapshots").GetInt32() > 0);

        // One whose plan is removed is covered by none, before the planner has looked again.
        history.State(new PlanRemoved(History.Plan, "no longer stated", history.Last));
        Assert.Equal([41L, 42, 43, 44], Told(history).EnumerateArray().Select(d => d.GetProperty("dropletId").GetInt64()).Order());
    }

    [Fact]
    public void One_with_a_tag_that_no_plan_goes_by_is_told_of_and_who_is_not_named_may_be_there_all_the_same()
    {
        var history = new History(History.Terms("0h:4d"), droplets: 3);
        history.Run(TimeSpan.FromDays(2));
        history.Tell(41, new DropletWithdrawn(41, History.Plan, "the droplet no longer has the tag 'tag'", history.Last.AddDays(-1)));
        history.Tell(42, new DropletWithdrawn(42, History.Plan, "the droplet no longer has the tag 'tag'", history.Last));
        history.StateOfAccount(new AccountBound("ours", history.Last));
        history.StateOfAccount(new DropletsUncovered([new UncoveredDroplet(42, "web-42", []), new UncoveredDroplet(77, "db-7", ["db", "eu"])], 0, history.Last.AddMinutes(1)));
        Assert.Equal([42L, 41, 77], Told(history).EnumerateArray().Select(d => d.GetProperty("dropletId").GetInt64()));
        Assert.DoesNotContain(Told(history).EnumerateArray(), d => d.GetProperty("gone").GetBoolean());
        var never = Told(history).EnumerateArray().Last();
        Assert.Equal(("db-7", null, "no plan goes by any of its tags 'db', 'eu'"), (never.GetProperty("name").GetString(), never.GetProperty("plan").GetString(), never.GetProperty("why").GetString()));

        // Gone is who was not at its own address, when that was seen.
        history.Tell(41, new DropletWithdrawn(41, History.Plan, "the droplet is no more", history.Last));
        Assert.Equal([41L], Told(history).EnumerateArray().Where(d => d.GetProperty("gone").GetBoolean()).Select(d => d.GetProperty("dropletId").GetInt64()));
    }

    [Fact]
    public void Of_many_those_that_were_in_a_plan_are_told_first_and_no_one_is_counted_twice()
    {
        var history = new History(History.Terms("0h:4d"), droplets: 3);
        foreach (var id in Enumerable.Range(1000, UncoveredAnswer.Most + 20))
        {
            history.Tell(id, new DropletEnrolled(id, $"many-{id}", History.Plan, history.Last));
            history.Tell(id, new DropletWithdrawn(id, History.Plan, "the droplet no longer has the tag 'tag'", history.Last));
        }

        // 20 of them and 7 more are there that are not named.
        history.StateOfAccount(new AccountBound("ours", history.Last));
        history.StateOfAccount(new DropletsUncovered([.. Enumerable.Range(1000, UncoveredAnswer.Most).Select(id => new UncoveredDroplet(id, $"many-{id}", []))], 27, history.Last));
        Assert.Equal((UncoveredAnswer.Most, 27), (Asked(history).GetProperty("droplets").GetArrayLength(), Asked(history).GetProperty("leftOut").GetInt32()));

        // Where others are named, those that are not are others.
        history.StateOfAccount(new DropletsUncovered([new UncoveredDroplet(77, "db-7", ["db"])], 9, history.Last));
        Assert.Equal(20 + 1 + 9, Asked(history).GetProperty("leftOut").GetInt32());
        Assert.DoesNotContain(Told(history).EnumerateArray(), d => d.GetProperty("dropletId").GetInt64() == 77);
    }

    private static string Told(JsonElement slots) => JsonSerializer.Serialize(slots);

    private static JsonElement Told(History history) => Asked(history).GetProperty("droplets");

    private static JsonElement Asked(History history) => Answer(output => UncoveredAnswer.WriteAsync(history.Log, history.Last, json: true, output, plannerLeads: true, Ct));

    private static JsonElement Answer(Func<TextWriter, Task> write)
    {
        using var output = new StringWriter();
        write(output).GetAwaiter().GetResult();
        return JsonElement.Parse(output.ToString());
    }
}
