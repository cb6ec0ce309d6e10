using System.Net;

namespace DoSnapshot.Sandbox.Tests.Faults;

/// <summary>Which calls a rule hits, and that it is told.</summary>
public sealed class FaultRuleTests : IDisposable
{
    private static readonly SandboxFaultRule Error = new() { Kind = SandboxFaultKind.ErrorBefore };

    private readonly World _world = new();

    private SandboxFaults Faults => _world.Account.Faults;

    [Fact]
    public async Task Nothing_goes_wrong_until_it_is_told_to()
    {
        Assert.Equal("............", await OutcomesAsync(12));
        Assert.Equal(0, Faults.Counts().Total);
        Assert.Empty(Faults.Rules);
    }

    [Theory]
    [InlineData(0, 3, "!!!.....")]
    [InlineData(4, 1, "....!...")]
    [InlineData(2, 2, "..!!....")]
    [InlineData(3, null, "...!!!!!")]
    public async Task A_script_says_exactly_which_calls(int skip, int? times, string outcomes)
    {
        Faults.Set(Error with { Skip = skip, Times = times });

        Assert.Equal(outcomes, await OutcomesAsync(8));
        Assert.Equal(outcomes.Count(o => o == '!'), Faults.Counts().Total);
    }

    [Fact]
    public async Task Scripts_one_after_the_other_are_told_apart()
    {
        Faults.Set(Error with { Times = 1 }, Error with { Kind = SandboxFaultKind.CutBefore, Skip = 2, Times = 1 }, Error with { Status = 503, Skip = 3, Times = 1 });

        Assert.Equal("!.x!..", await OutcomesAsync(6));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults_and_another_gives_others()
    {
        var rule = Error with { Probability = 0.3 };
        var runs = new List<string>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            using var world = new World();
            world.Account.Faults.Reseed(seed);
            world.Account.Faults.Set(rule);
            runs.Add(await OutcomesAsync(200, world));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.InRange(runs[0].Count(o => o == '!'), 40, 80);
    }

    [Fact]
    public async Task Random_numbers_may_come_from_outside()
    {
        var account = new SandboxAccount(_world.Clock, World.Plain, faults: new SandboxFaults(new Turns(0.2, 0.7)));
        account.Faults.Set(Error with { Probability = 0.5 });
        using var client = SandboxHandler.CreateClient(account);

        Assert.Equal("!.!.!.", await OutcomesAsync(6, client));
    }

    [Theory]
    [InlineData("*", "GET /v2/account", true)]
    [InlineData("*", "GET /v2/nowhere", true)]
    [InlineData("get *", "GET /v2/account", true)]
    [InlineData("POST *", "GET /v2/account", false)]
    [InlineData("GET /v2/droplets/{id}", "GET /v2/droplets/7", true)]
    [InlineData("GET /v2/droplets/{droplet_id}", "GET /v2/droplets/7", true)]
    [InlineData("GET /v2/droplets/{id}", "GET /v2/droplets", false)]
    [InlineData("GET /v2/droplets", "GET /v2/droplets?per_page=200&page=2", true)]
    [InlineData("GET /v2/droplets/*", "GET /v2/droplets/7/actions", true)]
    [InlineData("GET /v2/droplets/*", "GET /v2/droplets", false)]
    [InlineData("* /v2/droplets/{id}/actions", "GET /v2/droplets/7/actions", true)]
    [InlineData("* /v2/droplets/{id}/actions", "GET /v2/droplets/7/actions/8", false)]
    [InlineData("DELETE /v2/snapshots/{id}", "DELETE /v2/snapshots/7", true)]
    [InlineData("GET /v2/account", "GET /sandbox/state", false)]
    [InlineData("*", "GET /sandbox/state", false)]
    public async Task A_pattern_names_the_calls_that_it_should(string pattern, string call, bool isHit)
    {
        Faults.Set(Error with { Calls = pattern });
        var parts = call.Split(' ');

        var (status, _) = await _world.SendAsync(HttpMethod.Parse(parts[0]), parts[1]);

        Assert.Equal(isHit, status == HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_rule_about_a_type_of_action_leaves_the_others()
    {
        var path = $"/v2/droplets/{_world.AddDroplet().Id}/actions";
        Faults.Set(Error with { Calls = "POST *", Action = "power_on" });

        Assert.Equal(HttpStatusCode.InternalServerError, (await _world.PostAsync(path, new { type = "power_on" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _world.PostAsync(path, "power_on")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _world.SendAsync(HttpMethod.Get, path)).Status);
        Assert.Equal(HttpStatusCode.Created, (await _world.PostAsync(path, new { type = "shutdown" })).Status);
        Assert.Equal(1, Faults.Counts().Total);
    }

    [Theory]
    [InlineData("Calls is '/v2/droplets'; it must be '*'")]
    [InlineData("Calls is 'POST /v2/dropletz'; it must be '*'")]
    [InlineData("Calls is 'FETCH *'; it must be '*'")]
    [InlineData("Calls is ''; it must be '*'")]
    public void A_pattern_of_no_call_is_a_mistake(string message) => MustNot(Error with { Calls = message.Split('\'')[1] }, message);

    [Fact]
    public void Mistakes_name_the_member_and_the_value()
    {
        MustNot(Error with { Probability = 1.5 }, "Probability is 1.5; it must be from 0 to 1.");
        MustNot(Error with { Probability = double.NaN }, "Probability is NaN; it must be from 0 to 1.");
        MustNot(Error with { Action = "" }, "Action is ''; it must be the type of an action");
        MustNot(Error with { Calls = "GET *", Action = "snapshot" }, "Action is 'snapshot'; it must be");
        MustNot(Error with { Skip = -1 }, "Skip is -1; it must be");
        MustNot(Error with { Times = 0 }, "Times is 0; it must be");
        MustNot(Error with { Seconds = 3 }, "Seconds is 3; error-before takes none.");
        MustNot(new SandboxFaultRule { Kind = SandboxFaultKind.SlowAnswer, Seconds = -3 }, "Seconds is -3; it must be from 0 to 86400 seconds.");
        MustNot(Error with { Status = 422 }, "Status is 422; it must be from 500 to 599.");
        MustNot(new SandboxFaultRule { Kind = SandboxFaultKind.HtmlAfter, Status = 100 }, "Status is 100; it must be from 200 to 599.");
        MustNot(new SandboxFaultRule { Kind = SandboxFaultKind.CutAfter, Status = 500 }, "Status is 500; cut-after takes none.");
        MustNot(new SandboxFaultRule { Kind = (SandboxFaultKind)99 }, "Kind is 99; it must be one of slow-request, slow-answer, cut-before,");
    }

    [Fact]
    public async Task What_was_injected_is_counted_by_kind_and_by_call_and_outlives_its_rules()
    {
        var droplet = _world.AddDroplet();
        Faults.Set(
            Error with { Calls = "POST /v2/droplets/{id}/actions", Times = 2 },
            new SandboxFaultRule { Kind = SandboxFaultKind.SlowAnswer, Seconds = 0, Times = 3 },
            new SandboxFaultRule { Kind = SandboxFaultKind.HtmlAfter, Calls = "GET *", Times = 1 });
        for (var i = 0; i < 3; i++)
            await _world.PostAsync($"/v2/droplets/{droplet.Id}/actions", new { type = "power_on" });
        await _world.SendAsync(HttpMethod.Delete, "/v2/nowhere/at/all");
        using (await _world.Client.GetAsync("/v2/account", World.Cancel))
            Faults.Clear();

        var counts = Faults.Counts();
        Assert.Equal(6, counts.Total);
        Assert.Equal((2, 3, 1), (counts.ByKind[SandboxFaultKind.ErrorBefore], counts.ByKind[SandboxFaultKind.SlowAnswer], counts.ByKind[SandboxFaultKind.HtmlAfter]));
        Assert.Equal(5, counts.ByCall["POST /v2/droplets/{id}/actions"].Values.Sum());
        Assert.Equal(1, counts.ByCall["GET /v2/account"][SandboxFaultKind.HtmlAfter]);
        Assert.Equal("...", await OutcomesAsync(3));
    }

    [Fact]
    public async Task A_rule_that_is_added_leaves_the_count_of_the_others()
    {
        Faults.Set(Error with { Skip = 1, Times = 1 });
        var first = await OutcomesAsync(1);
        Faults.Add(Error with { Skip = 2, Times = 1 });

        Assert.Equal(".!.!..", first + await OutcomesAsync(5));
    }

    [Fact]
    public void A_mistake_among_several_leaves_the_rules_as_they_were()
    {
        Faults.Set(Error);
        Assert.Throws<ArgumentException>(() => Faults.Set(Error with { Status = 503 }, Error with { Skip = -1 }));
        Assert.Throws<ArgumentException>(() => Faults.Add(Error with { Skip = -1 }));

        Assert.Equal([Error], Faults.Rules);
    }

    public void Dispose() => _world.Dispose();

    private static void MustNot(SandboxFaultRule rule, string message) => Assert.Contains(
        message, Assert.Throws<ArgumentException>(() => new SandboxFaults().Set(rule)).Message, StringComparison.Ordinal);

    private Task<string> OutcomesAsync(int calls, World? world = null) => OutcomesAsync(calls, (world ?? _world).Client);

    /// <summary>One sign a call: a dot for one that went well, <c>!</c> for a server error, <c>x</c> for none.</summary>
    private static async Task<string> OutcomesAsync(int calls, HttpClient client)
    {
        var outcomes = "";
        for (var i = 0; i < calls; i++)
        {
            try
            {
                using var response = await client.GetAsync("/v2/account", World.Cancel);
                outcomes += response.IsSuccessStatusCode ? '.' : '!';
            }
            catch (HttpRequestException)
            {
                outcomes += 'x';
            }
        }

        return outcomes;
    }

    private sealed class Turns(params double[] numbers) : Random
    {
        private int _next;

        public override double NextDouble() => numbers[_next++ % numbers.Length];
    }
}
