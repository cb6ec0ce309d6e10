using System.Net;
using DoSnapshot.Cli.Doctor;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Cli.Tests.Doctor;

/// <summary>What the doctor finds out about a token's rights, and that it finds it out without any effect.</summary>
public sealed class ScopesTests : IDisposable
{
    private static readonly DoctorOptions Probing = new() { ProbeWrites = true };

    private readonly Practice practice = new();

    public static TheoryData<string> Every => [.. Practice.Scopes];

    [Fact]
    public async Task A_token_with_what_the_readme_asks_for_lacks_nothing()
    {
        Populate();
        practice.Grant(Practice.Scopes);

        var report = await practice.ExamineAsync(Probing);

        Assert.Equal(0, report.Code);
        Assert.DoesNotContain(report.All, e => e.Result.State is CheckState.Wrong);
        var told = Assert.Single(report.Of("reading")).Detail + Assert.Single(report.Of("writing")).Detail;
        Assert.All(Practice.Scopes, scope => Assert.Contains(scope, told, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task A_scope_that_is_missing_is_named_exactly(string scope)
    {
        Populate();
        practice.Grant(Practice.Scopes.Except([scope]));

        var report = await practice.ExamineAsync(Probing);

        Assert.Equal(1, report.Code);
        var wrong = Assert.Single(report.All, e => e.Result.State is CheckState.Wrong);
        Assert.Equal($"the token lacks {scope}", wrong.Result.Detail);
        Assert.Contains("https://cloud.digitalocean.com/account/api/tokens", wrong.Result.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rights_for_reading_show_in_an_empty_account_as_well()
    {
        practice.Grant(Practice.Scopes.Except(["block_storage_snapshot:read"]));

        var report = await practice.ExamineAsync(new DoctorOptions());

        report.Says("reading", CheckState.Wrong, "the token lacks block_storage_snapshot:read");
    }

    [Fact]
    public async Task Without_being_asked_it_only_reads_and_says_what_it_did_not_look_at()
    {
        Populate();

        var report = await practice.ExamineAsync(new DoctorOptions());

        Assert.NotEmpty(report.Calls);
        Assert.All(report.Calls, c => Assert.Equal("GET", c.Method));
        var said = Assert.Single(report.Of("writing"));
        Assert.Equal(CheckState.NotChecked, said.State);
        Assert.All(
            (string[])["droplet:update", "image:create", "image:update", "image:delete", "snapshot:delete", "--probe-writes"],
            s => Assert.Contains(s, said.Detail, StringComparison.Ordinal));
        Assert.Equal(0, report.Code);
    }

    [Fact]
    public async Task The_books_are_the_same_before_and_after_and_only_what_there_cannot_be_was_asked_to_change()
    {
        Populate();
        var ids = practice.Account.Droplets().Select(d => d.Id).Concat(practice.Account.Images().Select(i => i.Id)).ToHashSet();
        var reports = new List<Report>();
        // With every right, and without each that leads to a further call.
        foreach (var missing in (string[])["", "image:create", "droplet:update", "snapshot:delete", "image:delete"])
        {
            practice.Grant(Practice.Scopes.Except([missing]));
            var before = await practice.BooksAsync();
            reports.Add(await practice.ExamineAsync(Probing));
            Assert.Equal(before, await practice.BooksAsync());
        }

        var changing = reports.SelectMany(r => r.Calls).Where(c => c.Method != "GET").ToList();
        Assert.Equal(
            HarmlessCall.All.Select(c => $"{c}").Distinct().Order(StringComparer.Ordinal),
            changing.Select(c => $"{c.Method} {c.Path}").Distinct().Order(StringComparer.Ordinal));
        Assert.All(changing, c => Assert.True(c.Status is 403 or 404, $"{c}"));
        Assert.DoesNotContain(HarmlessCall.NoId, ids);
        Assert.Equal(4, ids.Count);
    }

    [Fact]
    public async Task A_call_is_not_sent_when_the_look_before_it_finds_something()
    {
        practice.Line.Instead = request => request.RequestUri!.AbsolutePath.EndsWith($"{HarmlessCall.NoId}", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"image":{}}""") }
            : null;

        var report = await practice.ExamineAsync(Probing);

        Assert.All(report.Calls, c => Assert.Equal("GET", c.Method));
        Assert.All(report.Of("writing"), r => Assert.Equal(CheckState.NotChecked, r.State));
        Assert.Contains("there is such a thing", report.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(501, "cannot be told")]
    [InlineData(201, "has done what cannot be done")]
    public async Task Another_answer_than_refused_or_not_there_is_not_taken_for_a_right(int status, string told)
    {
        practice.Line.Instead = request => request.Method == HttpMethod.Get ? null : new HttpResponseMessage((HttpStatusCode)status);

        var report = await practice.ExamineAsync(Probing);

        Assert.Equal(5, report.Of("writing").Count(r => r.State is CheckState.NotChecked && r.Detail.Contains(told, StringComparison.Ordinal)));
        Assert.Equal(5, report.Of("writing").Count());
    }

    [Fact]
    public async Task A_404_that_is_some_proxys_is_no_look_to_rely_on()
    {
        practice.Line.Instead = request => request.RequestUri!.AbsolutePath.EndsWith($"{HarmlessCall.NoId}", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("<html>nothing here</html>") }
            : null;

        var report = await practice.ExamineAsync(Probing);

        Assert.All(report.Calls, c => Assert.Equal("GET", c.Method));
    }

    [Fact]
    public async Task Nothing_else_gets_out_whatever_it_is_about()
    {
        Populate();
        var image = practice.Account.Images()[0].Id;
        using var probing = new HttpClient(new HarmlessHandler(practice.Line, probesWrites: true), disposeHandler: false);
        using var reading = new HttpClient(new HarmlessHandler(practice.Line, probesWrites: false), disposeHandler: false);

        foreach (var path in (string[])[$"snapshots/{image}", $"images/{image}", $"snapshots/{HarmlessCall.NoId}?force=1", "droplets?tag_name=autosnapshot"])
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => probing.DeleteAsync(new Uri($"https://api.digitalocean.com/v2/{path}"), Practice.Ct));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => probing.PostAsync(new Uri("https://api.digitalocean.com/v2/droplets/actions?tag_name=autosnapshot"), null, Practice.Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => reading.DeleteAsync(new Uri($"https://api.digitalocean.com{HarmlessCall.DeleteSnapshot.Path}"), Practice.Ct));
        Assert.Equal(0, practice.Account.Journal.Total);
    }

    public void Dispose() => practice.Dispose();

    private void Populate()
    {
        var web = practice.AddDroplet("web-1", "autosnapshot");
        practice.AddDroplet("web-2", "autosnapshot");
        foreach (var name in (string[])["one", "two"])
        {
            practice.Account.PlantSnapshot(new NewSnapshot { Name = name, DropletId = web, Regions = [World.Home] }).OrThrow();
        }
    }
}
