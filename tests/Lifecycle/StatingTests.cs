using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>How the configuration's plans come into the log, and what comes into it otherwise.</summary>
public sealed class StatingTests
{
    private static readonly StatedPlan Web = new("web", World.Terms() with { Tag = "web", Prefix = "$droplet-web-" });
    private static readonly StatedPlan Db = new("db", World.Terms() with { Tag = "db", Prefix = "$droplet-db-" });

    private FleetFacts _fleet = new(null, []);

    [Fact]
    public void Plans_are_stated_once_and_again_only_when_they_say_something_else()
    {
        Assert.Equal(["PlanChanged db 1", "PlanChanged web 1", "PlansApplied db,web"], State([Web, Db]));
        Assert.Empty(State([Web, Db]));
        Assert.Empty(State([Db, Web], source: "another.yaml"));

        Assert.Equal(["PlanChanged db 2", "PlansApplied db,web"], State([Web, Db with { Terms = Db.Terms with { Every = "12h" } }]));
        Assert.Equal(["PlanChanged db 3", "PlansApplied db,web"], State([Web, Db]));
    }

    [Fact]
    public void A_plan_that_is_stated_no_more_is_removed_and_may_come_back_as_its_next_version()
    {
        State([Web, Db]);
        Assert.Equal(["PlanRemoved db", "PlansApplied web"], State([Web]));
        Assert.Equal(["web"], _fleet.InForce.Select(p => p.Name));
        Assert.Empty(State([Web]));
        Assert.Equal(["PlanChanged db 2", "PlansApplied db,web"], State([Web, Db]));
        Assert.Equal(["db", "web"], _fleet.InForce.Select(p => p.Name));
    }

    [Fact]
    public void A_new_name_is_one_plan_less_and_another_more()
    {
        State([Web]);
        Assert.Equal(["PlanChanged front 1", "PlanRemoved web", "PlansApplied front"], State([Web with { Name = "front" }]));
    }

    [Fact]
    public void What_a_log_holds_from_before_this_was_noted_was_stated_by_the_configuration()
    {
        Happened(new PlanChanged("default", 4, Web.Terms, World.Start), "default");
        Happened(new PlanChanged("older", 1, Db.Terms, World.Start), "older");

        Assert.Equal(["PlanRemoved older", "PlansApplied default"], State([Web with { Name = "default" }]));
    }

    [Fact]
    public void What_the_log_is_told_otherwise_stays_until_the_configuration_says_something_new()
    {
        State([Web, Db]);
        Happened(new PlanChanged("web", 2, Web.Terms with { Every = "12h" }, World.Start), "web");
        Happened(new PlanChanged("mine", 1, Web.Terms with { Tag = "mine", Prefix = "mine-" }, World.Start), "mine");
        Assert.Empty(State([Web, Db]));

        // The configuration states what it states; a plan that it never stated is not its to remove.
        Assert.Equal(["PlanChanged web 3", "PlanRemoved db", "PlansApplied web"], State([Web]));
        Assert.Equal(["mine", "web"], _fleet.InForce.Select(p => p.Name));
    }

    [Fact]
    public void Where_the_configuration_is_the_only_way_in_everything_else_is_set_back()
    {
        State([Web], onlyWayIn: true);
        Assert.Empty(State([Web], onlyWayIn: true));
        Happened(new PlanChanged("web", 2, Web.Terms with { Every = "12h" }, World.Start), "web");
        Happened(new PlanChanged("mine", 1, Web.Terms with { Tag = "mine", Prefix = "mine-" }, World.Start), "mine");

        Assert.Equal(["PlanChanged web 3", "PlanRemoved mine"], State([Web], onlyWayIn: true));
        Assert.True(_fleet.Applied!.OnlyWayIn);
        // That it is so no more is noted.
        Assert.Equal(["PlansApplied web"], State([Web]));
        Assert.False(_fleet.Applied!.OnlyWayIn);
    }

    [Fact]
    public void It_is_noted_what_was_brought_in_and_from_where()
    {
        State([Web, Db], source: "/etc/plans.yaml");
        Assert.Equal((new PlanSet([Web, Db]).Hash, "/etc/plans.yaml", 1L), (_fleet.Applied!.Hash, _fleet.Applied.Source, _fleet.Applied.Version));
        Assert.Equal(["db", "web"], _fleet.Applied.Plans);
    }

    private List<string> State(StatedPlan[] plans, bool onlyWayIn = false, string source = "Plan")
    {
        var events = Stating.Decide(_fleet, new PlanSet(plans), source, onlyWayIn, World.Start);
        foreach (var e in events)
        {
            if (e.Data is PlansApplied)
            {
                Assert.Equal(Streams.Plans, e.Stream);
                _fleet = _fleet with { Applied = AppliedPlans.Evolve(_fleet.Applied, e.Stream, e.Data) };
            }
            else
            {
                Happened(e.Data, e.Stream.Split('/')[1]);
            }
        }

        return
        [
            .. events.Select(e => e.Data switch
            {
                PlanChanged c => $"PlanChanged {c.Plan} {c.Version}",
                PlanRemoved r => $"PlanRemoved {r.Plan}",
                PlansApplied a => $"PlansApplied {string.Join(',', a.Plans)}",
                var other => other.ToString()!,
            }),
        ];
    }

    private void Happened(object @event, string plan)
    {
        var known = _fleet.Plans.FirstOrDefault(p => p.Name == plan);
        var next = PlanFacts.Evolve(known, Streams.OfPlan(plan), @event)!;
        _fleet = _fleet with { Plans = [.. _fleet.Plans.Where(p => p.Name != plan), next] };
    }
}
