using DoSnapshot.Cli.Doctor;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests.Doctor;

/// <summary>Token, API, account, clock and requests, as the doctor sees them.</summary>
public sealed class AccountTests : IDisposable
{
    private static readonly string[] OfTheApi = ["account", "reading", "writing", "clock", "requests"];

    private readonly Practice practice = new();

    [Fact]
    public async Task A_revoked_token_is_told_once_and_what_needs_it_is_not_checked()
    {
        practice.Grant(scopes: null);
        practice.Account.RevokeToken("examined");

        var report = await practice.ExamineAsync(new DoctorOptions());

        Assert.Equal(1, report.Code);
        report.Says("api", CheckState.Wrong, "refuses the token (401");
        Assert.Contains("make a new one", Assert.Single(report.Of("api")).WhatToDo, StringComparison.Ordinal);
        Assert.Single(report.All, e => e.Result.State is CheckState.Wrong);
        Assert.All(OfTheApi.Except(["clock"]), check => Assert.All(report.Of(check), r => Assert.Equal("the token is refused", r.Detail)));
    }

    [Fact]
    public async Task Without_a_token_the_checks_of_the_api_say_that_they_need_one()
    {
        var report = await practice.ExamineAsync(new DoctorOptions { Every = "1d" }, ("DO_TOKEN", ""));

        Assert.Equal(0, report.Code);
        report.Says("token", CheckState.NotChecked, "there is none");
        Assert.All(OfTheApi, check => Assert.All(report.Of(check), r => Assert.Equal("it needs a token", r.Detail)));
        Assert.Empty(report.Calls);
    }

    [Fact]
    public async Task A_service_without_a_token_would_not_start()
    {
        var report = await practice.ExamineAsync(new DoctorOptions(), ("DO_TOKEN", ""), ("Platform__FollowEvery", "20s"));

        Assert.Equal(1, report.Code);
        report.Says("token", CheckState.Wrong, "no service starts without one");
    }

    [Theory]
    [InlineData("active", CheckState.Fine)]
    [InlineData("warning", CheckState.Remark)]
    [InlineData("locked", CheckState.Wrong)]
    public async Task The_account_is_named_with_its_status_and_its_limit(string status, object expected)
    {
        using var other = new Practice(new SandboxSettings { Owner = new SandboxOwner { Status = status } });
        other.AddDroplet("web-1");

        var report = await other.ExamineAsync(new DoctorOptions());

        var said = report.Says("account", (CheckState)expected, $"is {status}");
        Assert.Contains(new SandboxOwner().Uuid, said.Detail, StringComparison.Ordinal);
        Assert.Contains("1 droplet, droplet limit", said.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, CheckState.Fine, "agrees with DigitalOcean's")]
    [InlineData(60, CheckState.Remark, "60 s behind DigitalOcean's")]
    [InlineData(-90, CheckState.Remark, "90 s ahead of DigitalOcean's")]
    [InlineData(180, CheckState.Wrong, "3 min behind DigitalOcean's, and 2 min are allowed")]
    [InlineData(-7200, CheckState.Wrong, "120 min ahead of DigitalOcean's")]
    public async Task A_wrong_clock_is_measured(int seconds, object expected, string said)
    {
        practice.ApiIsAhead = TimeSpan.FromSeconds(seconds);

        var report = await practice.ExamineAsync(new DoctorOptions());

        report.Says("clock", (CheckState)expected, said);
    }

    [Fact]
    public async Task The_services_own_tolerance_counts()
    {
        practice.ApiIsAhead = TimeSpan.FromMinutes(3);

        var report = await practice.ExamineAsync(new DoctorOptions(), ("Lifecycle__ClockSkew", "5min"));

        report.Says("clock", CheckState.Remark, "3 min behind");
    }

    [Fact]
    public async Task Few_requests_left_are_something_to_know()
    {
        using var other = new Practice(new SandboxSettings { HourlyLimit = 10, BurstLimit = null });

        var report = await other.ExamineAsync(new DoctorOptions());

        report.Says("requests", CheckState.Remark, "of 10 of this hour are left");
    }

    [Fact]
    public async Task Where_no_requests_are_left_that_is_what_is_wrong()
    {
        using var other = new Practice(new SandboxSettings { HourlyLimit = 1, BurstLimit = null });
        await other.ExamineAsync(new DoctorOptions());

        var report = await other.ExamineAsync(new DoctorOptions());

        report.Says("api", CheckState.Wrong, "429");
        report.Says("reading", CheckState.NotChecked, "DigitalOcean answers 429");
    }

    [Theory]
    [InlineData("Platform__LogConectionString", "x", "settings", "Platform:LogConectionString is no setting")]
    [InlineData("Platform__FollowEvery", "20", "settings", "Platform:FollowEvery '20' cannot be used")]
    [InlineData("Platform__FollowEvery", "20s", "settings", "Platform:LogConnectionString is missing")]
    [InlineData("Planner__DecideEvery", "2h", "settings", "Planner:DecideEvery '02:00:00' must be between")]
    [InlineData("Lifecycle__ClockSkew", "0s", "settings", "Lifecycle:ClockSkew '00:00:00' must be more than zero")]
    [InlineData("Planner__DecideEvery", "soon", "settings", "Planner:DecideEvery 'soon' cannot be used")]
    [InlineData("DigitalOcean__Tokn", "x", "settings", "DigitalOcean:Tokn is no setting")]
    [InlineData("DigitalOcean__TokenFile", "/no/such/file", "token", "DigitalOcean__TokenFile '/no/such/file': the file cannot be read")]
    [InlineData("DigitalOcean__ApiUrl", "http://elsewhere.example", "api", "plain http to another machine")]
    [InlineData("Platform__BusUri", "rabbit:hush", "broker", "Platform__BusUri cannot be read")]
    [InlineData("Platform__LogConnectionString", "hush", "database", "Platform__LogConnectionString cannot be read")]
    [InlineData("DO_SNAPSHOT_STORE", "hush", "database", "DO_SNAPSHOT_STORE cannot be read")]
    [InlineData("DO_SNAPSHOT_STORE_FILE", "/no/such/file", "database", "DO_SNAPSHOT_STORE_FILE '/no/such/file': the file cannot be read")]
    [InlineData("Platform__LogConnectionStringFile", "/no/such/file", "database", "Platform__LogConnectionStringFile '/no/such/file': the file cannot be read")]
    [InlineData("Platform__LogConnectionStringFile", "/no/such/file", "settings", "Platform:LogConnectionStringFile '/no/such/file' cannot be read")]
    [InlineData("Platform__BusUriFile", "/no/such/file", "broker", "Platform__BusUriFile '/no/such/file': the file cannot be read")]
    [InlineData("Plans__File", "/no/such/plans.yaml", "plans", "Plans:File '/no/such/plans.yaml' cannot be read")]
    [InlineData("Plan__Evry", "1d", "plans", "Plan:Evry is no setting")]
    public async Task A_variable_that_cannot_be_used_is_named(string name, string value, string check, string said)
    {
        var report = await practice.ExamineAsync(new DoctorOptions(), (name, value));

        Assert.Equal(1, report.Code);
        report.Says(check, CheckState.Wrong, said);
        Assert.DoesNotContain("hush", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_a_service_are_named_without_their_values()
    {
        var report = await practice.ExamineAsync(new DoctorOptions(), ("DigitalOcean__Token", Practice.Token), ("Planner__DecideEvery", "2s"));

        report.Says("settings", CheckState.Fine, "DigitalOcean__Token, Planner__DecideEvery");
        report.Says("token", CheckState.Fine, "set by DigitalOcean__Token");
        Assert.DoesNotContain(Practice.Token, report.Text, StringComparison.Ordinal);
    }

    public void Dispose() => practice.Dispose();
}
