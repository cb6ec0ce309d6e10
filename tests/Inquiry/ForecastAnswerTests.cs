using System.Text.Json;
using DoSnapshot.Cli.Questions;
using DoSnapshot.Contracts;
using DoSnapshot.Operating.Answers;
using Ical.Net;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>The command's answer about what goes next: for people, for programs and for calendars.</summary>
public sealed class ForecastAnswerTests : IDisposable
{
    private static readonly History Past = new History(History.Terms("2d:3d 0d:6d"), droplets: 2).Run(TimeSpan.FromDays(10));

    private readonly StringWriter _output = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _output.Dispose();

    /// <summary>What is asked, for how many days, and what the answer has.</summary>
    [Theory]
    [InlineData(null, 10, "GOES                  DROPLET  SNAPSHOT")]
    [InlineData(null, 10, "rule 0d:6d")]
    [InlineData(null, 10, "rule 2d:3d keeps 'web-41-auto-2026")]
    [InlineData(null, 10, "* is yet to come.")]
    [InlineData(null, 10, " go until 2026-01-21T03:00:00Z.")]
    [InlineData(null, 10, "At the end of 2026-01-11: ")]
    [InlineData(null, 100, "MONTH    SNAPSHOTS")]
    [InlineData("p", 10, "web-42")]
    [InlineData("web-41", 10, "web-41")]
    [InlineData("42", 10, "web-42")]
    public async Task It_is_told_to_people(string? subject, int days, string says)
    {
        await AskAsync(subject, days, ForecastForm.Text);
        Assert.Contains(says, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_droplet_nothing_is_told_of_another_and_of_one_snapshot_nothing_besides()
    {
        await AskAsync("web-41", 10, ForecastForm.Text);
        Assert.DoesNotContain("web-42", _output.ToString(), StringComparison.Ordinal);

        var oldest = Past.Snapshots().Where(s => s.IsComplete).MinBy(s => s.CreatedAt)!;
        await AskAsync(oldest.SnapshotId.ToString(), 10, ForecastForm.Text);
        Assert.Equal(3, _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(oldest.Name, _output.ToString(), StringComparison.Ordinal);

        var newest = Past.Snapshots().Where(s => s.IsComplete).MaxBy(s => s.CreatedAt)!;
        await AskAsync(newest.Name, 1, ForecastForm.Text);
        Assert.Equal($"'{newest.Name}' of 'web-41' stays until 2026-01-12T03:00:00Z, if everything goes on as it is.{Environment.NewLine}", _output.ToString());
    }

    [Fact]
    public async Task What_stays_is_told_with_what_holds_it_and_brakes_come_first()
    {
        var history = new History(History.Terms("0h:3d", brake: BrakeSetting.On)).Run(TimeSpan.FromDays(2));
        history.State(new BrakeApplied(History.Plan, null, "5 of 6", history.Now, 1));
        await AskAsync(null, 10, ForecastForm.Text, history);
        var lines = _output.ToString().Split(Environment.NewLine);
        Assert.Equal("The brake: nothing of plan 'p' expires since 2026-01-03T03:00:00Z: 5 of 6.", lines[0]);
        Assert.Equal("Nothing goes until 2026-01-13T03:00:00Z, if everything goes on as it is.", lines[1]);
        Assert.Contains(lines, l => l.EndsWith("' of 'web-41' would go and stays, held by guard Brake: the brake is on: 5 of 6.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_told_to_programs()
    {
        await AskAsync(null, 10, ForecastForm.Json);
        using var json = JsonDocument.Parse(_output.ToString());
        Assert.Equal(0, json.RootElement.GetProperty("leftOut").GetInt32());
        Assert.Equal(11, json.RootElement.GetProperty("days").GetArrayLength());
        var going = json.RootElement.GetProperty("snapshots").EnumerateArray().Where(s => s.GetProperty("goes").ValueKind is JsonValueKind.Object).ToList();
        var spaced = going.Where(s => s.GetProperty("goes").GetProperty("inFavourOf").ValueKind is JsonValueKind.Object).Select(s => s.GetProperty("goes")).ToList();
        Assert.NotEmpty(spaced);
        Assert.All(spaced, s =>
        {
            Assert.Equal("2d:3d", s.GetProperty("rule").GetString());
            Assert.InRange(s.GetProperty("inFavourOf").GetProperty("distanceSeconds").GetInt64(), 1, (2 * 86_400) - 1);
        });
        Assert.Contains(going, s => s.GetProperty("goes").GetProperty("rule").GetString() is "0d:6d");
    }

    [Fact]
    public async Task It_is_a_calendar_of_what_goes_with_the_same_identities_each_time()
    {
        await AskAsync(null, 10, ForecastForm.Json);
        using var json = JsonDocument.Parse(_output.ToString());
        var going = json.RootElement.GetProperty("snapshots").EnumerateArray().Where(s => s.GetProperty("goes").ValueKind is JsonValueKind.Object)
            .Select(s => ($"{s.GetProperty("snapshotId").GetGuid()}@do-snapshot", s.GetProperty("goes").GetProperty("at").GetDateTimeOffset().UtcDateTime)).Order().ToList();

        await AskAsync(null, 10, ForecastForm.Calendar);
        Assert.Contains("PRODID:-//do-snapshot//forecast//EN\r\n", _output.ToString(), StringComparison.Ordinal);
        var calendar = Calendar.Load(_output.ToString())!;
        Assert.Equal(going, calendar.Events.Select(e => (e.Uid!, e.Start!.AsUtc)).Order());
        Assert.All(calendar.Events, e => Assert.Matches("^web-4[12]: snapshot 'web-4[12]-auto-[0-9TZ]+' goes$", e.Summary));
        Assert.All(calendar.Events, e => Assert.StartsWith("rule ", e.Description, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nobody", "'nobody': the log knows no plan, droplet or snapshot of this name or id")]
    [InlineData("gone", ": it is pruned, and not there to go; 'explain' says why")]
    public async Task What_cannot_be_foretold_is_refused(string subject, string says)
    {
        var named = subject is "gone" ? Past.Events.Select(e => e.Data).OfType<SnapshotPruned>().First().SnapshotId.ToString() : subject;
        var e = await Assert.ThrowsAsync<SubjectException>(() => AskAsync(named, 10, ForecastForm.Text));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_that_neither_go_nor_are_held_can_be_left_out()
    {
        await AskAsync(null, 1, ForecastForm.Json);
        using var all = JsonDocument.Parse(_output.ToString());
        await AskAsync(null, 1, ForecastForm.Json, staying: false);
        using var some = JsonDocument.Parse(_output.ToString());
        var expected = Ids(all, s => s.GetProperty("goes").ValueKind is not JsonValueKind.Null || s.GetProperty("held").ValueKind is not JsonValueKind.Null);
        Assert.NotEmpty(expected);
        Assert.True(Ids(all, _ => true).Count > expected.Count);
        Assert.Equal(expected, Ids(some, _ => true));

        static List<string?> Ids(JsonDocument answer, Func<JsonElement, bool> which) =>
            [.. answer.RootElement.GetProperty("snapshots").EnumerateArray().Where(which).Select(s => s.GetProperty("snapshotId").GetString())];
    }

    private async Task AskAsync(string? subject, int days, ForecastForm form, History? history = null, bool staying = true)
    {
        _output.GetStringBuilder().Clear();
        var log = history ?? Past;
        Assert.Equal(0, await ForecastCommand.RunAsync(log.Log, new ForecastQuestion(subject, days, 0.06m, staying), log.Now, form, _output, Ct));
    }
}
