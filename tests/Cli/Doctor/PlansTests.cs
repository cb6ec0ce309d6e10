using System.Net;
using System.Text.Json;
using DoSnapshot.Cli.Doctor;

namespace DoSnapshot.Cli.Tests.Doctor;

/// <summary>Plans, their regions and their droplets, as the doctor sees them.</summary>
public sealed class PlansTests : IDisposable
{
    private const string Two = """
        plans:
          - name: web
            tag: web
            prefix: $droplet-web-
            every: 1d
            keep: [3d:1d, 0d:6m]
            regions: [lon1]
            optOutTag: not-me
          - name: db
            tag: db
            prefix: $droplet-db-
            every: 4h
            keep: [0d:1m]
        """;

    private readonly Practice practice = new();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("do-snapshot-doctor-");

    [Fact]
    public async Task Each_plan_is_told_with_what_it_does_and_how_many_droplets_it_has()
    {
        practice.AddDroplet("web-1", "web");
        practice.AddDroplet("web-2", "WEB");
        practice.AddDroplet("web-3", "web", "not-me");
        practice.AddDroplet("db-1", "db");

        var report = await practice.ExamineAsync(new DoctorOptions { Plans = File(Two) });

        Assert.Equal(0, report.Code);
        report.Says("plans", CheckState.Fine, "'web'");
        report.Says("plans", CheckState.Fine, "'db'");
        report.Says("droplets", CheckState.Fine, "'web' has 2 by the tag web");
        report.Says("droplets", CheckState.Fine, "'db' has 1 by the tag db");
        report.Says("regions", CheckState.Fine, "lon1 is there and available");
    }

    [Fact]
    public async Task A_droplet_with_the_tags_of_two_plans_is_named()
    {
        var both = practice.AddDroplet("both", "web", "db");

        var report = await practice.ExamineAsync(new DoctorOptions { Plans = File(Two) });

        Assert.Equal(1, report.Code);
        var said = report.Says("droplets", CheckState.Wrong, $"Droplet {both} ('both') has the tags of plans 'db', 'web'");
        Assert.Contains("tags but one", said.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_without_droplets_is_something_to_know()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Every = "1d", Tag = "prod", Keep = ["0d:1m"] });

        Assert.Equal(0, report.Code);
        report.Says("droplets", CheckState.Remark, "no droplet has the tag prod");
    }

    [Fact]
    public async Task Every_mistake_of_a_file_is_told_with_its_place_and_the_rest_is_checked_all_the_same()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Plans = File(Two.Replace("every: 1d", "evry: 1d").Replace("0d:1m", "0d")) });

        Assert.Equal(1, report.Code);
        Assert.Equal(3, report.Of("plans").Count(r => r.State is CheckState.Wrong));
        report.Says("plans", CheckState.Wrong, "line 5, column 5: plan 'web': 'evry' is no term");
        report.Says("plans", CheckState.Wrong, "line 13, column 12: plan 'db': keep '0d' cannot be used");
        report.Says("droplets", CheckState.NotChecked, "the plans cannot be used");
        report.Says("reading", CheckState.Fine, "tag:read");
    }

    [Fact]
    public async Task What_the_rules_cannot_give_is_something_to_know()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Every = "1d", Keep = ["3d:1d", "1w:1w"] });

        report.Says("plans", CheckState.Remark, "1w:1w gives one every 9 days, not one every week");
        report.Says("plans", CheckState.Remark, "no rule ends it");
        Assert.Equal(0, report.Code);
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_named_with_its_place_and_with_those_there_are()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Plans = File(Two.Replace("[lon1]", "[lon1, moon1]")) });

        Assert.Equal(1, report.Code);
        var said = report.Says("regions", CheckState.Wrong, "line 7, column 14: plan 'web': regions: 'moon1' is no region");
        Assert.Contains("fra1, lon1, nyc1", said.WhatToDo, StringComparison.Ordinal);
        report.Says("regions", CheckState.Fine, "lon1");
    }

    [Theory]
    [InlineData("""{"slug":"lon1","available":false,"features":["image_transfer"],"sizes":[]}""", "makes no new droplets")]
    [InlineData("""{"slug":"lon1","available":true,"features":["backups"],"sizes":[]}""", "is not said to take images")]
    public async Task A_region_that_is_there_and_not_quite_available_is_something_to_know(string region, string said)
    {
        practice.Line.Instead = request => request.RequestUri!.AbsolutePath == "/v2/regions"
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"regions":[{{region}}]}""") }
            : null;

        var report = await practice.ExamineAsync(new DoctorOptions { Every = "1d", Regions = ["lon1"] });

        report.Says("regions", CheckState.Remark, said);
    }

    [Fact]
    public async Task A_services_environment_states_the_plan()
    {
        practice.AddDroplet("web-1", "prod");

        var report = await practice.ExamineAsync(new DoctorOptions(), ("Plan__Tag", "prod"), ("Plan__Regions", "ams3"), ("Plan__Keep", "0d:6m"));

        report.Says("droplets", CheckState.Fine, "'default' has 1 by the tag prod");
        report.Says("regions", CheckState.Fine, "ams3");
    }

    [Fact]
    public async Task For_programs_it_is_json()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Every = "1d", Regions = ["moon1"], Json = true });

        var json = JsonDocument.Parse(report.Text).RootElement;
        Assert.Equal(1, json.GetProperty("wrong").GetInt32());
        var region = json.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "regions");
        Assert.Equal("wrong", region.GetProperty("state").GetString());
        Assert.Contains("moon1", region.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(region.GetProperty("whatToDo").GetString()!);
        Assert.Contains(json.GetProperty("checks").EnumerateArray(), c => c.GetProperty("state").GetString() == "notChecked");
    }

    public void Dispose()
    {
        practice.Dispose();
        directory.Delete(recursive: true);
    }

    private string File(string text)
    {
        var path = Path.Combine(directory.FullName, "plans.yaml");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
