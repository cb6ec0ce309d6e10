using System.Text.Json;
using DoSnapshot.Cli;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Cli.Questions;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.WhatIf;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>The command's questions to a log: what they answer, and what they say to what cannot be answered.</summary>
public sealed class QuestionTests : IDisposable
{
    private static readonly History Past = new History(History.Terms("0d:3d"), droplets: 2).Run(TimeSpan.FromDays(10));

    private readonly StringWriter _output = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Events => [.. GoldenLines().Select(l => l.Name).Distinct(StringComparer.Ordinal)];

    public void Dispose() => _output.Dispose();

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_is_told_in_words(string name)
    {
        foreach (var (_, data) in GoldenLines().Where(l => l.Name == name))
        {
            var words = EventWords.Of(data);
            Assert.NotEqual(name, words);
            Assert.DoesNotContain("  ", words, StringComparison.Ordinal);
            Assert.NotNull(Replay.Moments.Of(data));
        }
    }

    [Fact]
    public async Task Status_is_a_table_and_json()
    {
        Assert.Equal(0, await StatusCommand.RunAsync(Past.Log, Past.Last, json: false, _output, Ct));
        Assert.Contains("web-41   p     good", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 droplets, 0 to look at; ", _output.ToString(), StringComparison.Ordinal);

        var json = await JsonAsync(() => StatusCommand.RunAsync(Past.Log, Past.Last, json: true, _output, Ct));
        Assert.Equal(["web-41", "web-42"], json.GetProperty("droplets").EnumerateArray().Select(d => d.GetProperty("name").GetString()));
        Assert.Equal(2, json.GetProperty("counts").GetProperty("droplets").GetInt32());
    }

    [Fact]
    public async Task Status_of_an_empty_log_says_so()
    {
        Assert.Equal(0, await StatusCommand.RunAsync(new InMemoryEventLog(TimeProvider.System), Past.Last, json: false, _output, Ct));
        Assert.Equal("No droplet is in a plan, and the log knows no snapshot." + Environment.NewLine, _output.ToString());
    }

    [Fact]
    public async Task History_tells_of_a_plan_a_droplet_and_a_snapshot_by_whatever_names_it()
    {
        var gone = Past.Events.Select(e => e.Data).OfType<SnapshotPruned>().Last().SnapshotId;
        var asked = Past.Events.Select(e => e.Data).OfType<SnapshotRequested>().First(e => e.SnapshotId == gone);
        foreach (var name in (string[])[gone.ToString(), asked.SnapshotName])
        {
            var told = await TellAsync(name);
            Assert.Contains($"snapshot '{asked.SnapshotName}' of droplet 'web-", told, StringComparison.Ordinal);
            Assert.Contains("to be removed by rule 0d:3d of plan 'p', version 1, at an age of 3 d", told, StringComparison.Ordinal);
            Assert.EndsWith("is gone", told.TrimEnd(), StringComparison.Ordinal);
        }

        Assert.Contains("plan 'p', version 1: tag 'tag', every 1d after the last, kept by 0d:3d", await TellAsync("p"), StringComparison.Ordinal);
        Assert.Contains("droplet 'web-41' joins plan 'p'", await TellAsync("web-41"), StringComparison.Ordinal);
        Assert.Contains("droplet 'web-41' joins plan 'p'", await TellAsync("41"), StringComparison.Ordinal);

        var json = await JsonAsync(() => HistoryCommand.RunAsync(Past.Log, gone.ToString(), 0, json: true, _output, Ct));
        Assert.Equal("snapshot_requested", json.GetProperty("events")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_history_is_cut_to_its_last_events_and_says_so()
    {
        var all = (await TellAsync("web-41")).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        var cut = (await TellAsync("web-41", last: 3)).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["(the last 3 events; there are earlier ones)", .. all[^3..]], cut);
        Assert.Equal(all, (await TellAsync("web-41", last: all.Length)).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));

        var json = await JsonAsync(() => HistoryCommand.RunAsync(Past.Log, "web-41", 3, json: true, _output, Ct));
        Assert.True(json.GetProperty("earlierLeftOut").GetBoolean());
        Assert.Equal(3, json.GetProperty("events").GetArrayLength());
    }

    [Theory]
    [InlineData("web", "the log knows no plan, droplet or snapshot of this name or id")]
    [InlineData("00000000-0000-4000-8000-000000000000", "the log knows no plan, droplet or snapshot of this name or id")]
    [InlineData("twins", "'twins' may be several: droplet 51 ('twins'), droplet 52 ('twins')")]
    public async Task History_of_what_is_unknown_or_ambiguous_is_refused(string name, string says)
    {
        var history = new History(History.Terms("0d:3d"));
        foreach (var droplet in (long[])[51, 52])
        {
            history.Tell(droplet, new DropletEnrolled(droplet, "twins", History.Plan, history.Now));
        }

        var e = await Assert.ThrowsAsync<SubjectException>(() => HistoryCommand.RunAsync(history.Log, name, 0, json: false, _output, Ct));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_explained_now_and_as_it_was()
    {
        var gone = Past.Events.Select(e => e.Data).OfType<SnapshotExpired>().Last();
        var told = await ExplainAsync(gone.SnapshotName, null);
        Assert.Contains("asked for by plan 'p', version 1", told, StringComparison.Ordinal);
        Assert.Contains("to be removed by rule 0d:3d of plan 'p', version 1, at an age of 3 d", told, StringComparison.Ordinal);
        Assert.Contains(" is gone.", told, StringComparison.Ordinal);

        told = await ExplainAsync(gone.SnapshotId.ToString(), gone.DecidedAt.AddDays(-1));
        Assert.Contains("kept: not yet 3d old, and no rule reaches anything younger (plan 'p', version 1).", told, StringComparison.Ordinal);
        Assert.DoesNotContain("to be removed", told, StringComparison.Ordinal);

        var newest = Past.Snapshots().Where(s => s.IsComplete).MaxBy(s => s.CreatedAt)!;
        told = await ExplainAsync(newest.Name, null);
        Assert.Contains("guard NewestComplete would hold it in any case", told, StringComparison.Ordinal);

        var json = await JsonAsync(() => ExplainCommand.RunAsync(Past.Log, newest.Name, null, Past.Last, json: true, _output, Ct));
        Assert.Equal(newest.SnapshotId, json.GetProperty("snapshotId").GetGuid());
    }

    [Fact]
    public async Task What_holds_a_snapshot_is_explained()
    {
        var history = new History(History.Terms("0d:3d")).Run(TimeSpan.FromDays(3));
        var oldest = history.Snapshots().Where(s => s.IsComplete).MinBy(s => s.CreatedAt)!;
        history.Append(oldest.DropletId, oldest.SnapshotId, new SnapshotPinned(oldest.SnapshotId, oldest.DropletId, "ann", "audit", history.Last));
        history.Tell(oldest.DropletId, new DropletPaused(oldest.DropletId, "ann", "rebuilt", history.Last));
        await ExplainCommand.RunAsync(history.Log, oldest.Name, null, history.Last, json: false, _output, Ct);
        Assert.Contains("pinned by ann (audit): no rule removes it.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("its plan or its droplet is paused, so that nothing expires.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_that_is_there_a_rule_that_lets_it_go_is_told_with_what_holds_it()
    {
        var history = new History(History.Terms("0d:3d", brake: BrakeSetting.On)).Run(TimeSpan.FromDays(2));
        var oldest = history.Snapshots().Where(s => s.IsComplete).MinBy(s => s.CreatedAt)!;
        var goes = oldest.CreatedAt!.Value.AddDays(3);
        Assert.Contains("  would be deleted by rule 0d:3d of plan 'p', version 1: 0d:3d keeps none that falls to it; nothing holds it, and the planner lets it go at its next decision, "
            + "unless that finds too much of the plan to go at once, which the brake then holds.", await ToldAsync(), StringComparison.Ordinal);

        history.State(new BrakeApplied(History.Plan, null, "5 of 6", history.Last, 1));
        var told = await ToldAsync();
        Assert.Contains("0d:3d keeps none that falls to it; held by guard Brake: the brake is on: 5 of 6.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("  deleted", told, StringComparison.Ordinal);
        // Once is enough.
        Assert.DoesNotContain("  the brake is on", told, StringComparison.Ordinal);

        history.Append(oldest.DropletId, oldest.SnapshotId, new SnapshotPinned(oldest.SnapshotId, oldest.DropletId, "ann", "audit", history.Last));
        told = await ToldAsync();
        Assert.Contains("; held by guard Pinned: it is pinned.", told, StringComparison.Ordinal);
        Assert.Contains("  the brake is on: 5 of 6.", told, StringComparison.Ordinal);

        // Nothing is braked that an operator has let go.
        history.Append(oldest.DropletId, oldest.SnapshotId, new SnapshotUnpinned(oldest.SnapshotId, oldest.DropletId, "ann", "over", history.Last));
        history.State(new BrakeReleased(History.Plan, null, "ann", "meant", goes.AddHours(-1)));
        Assert.Contains("; nothing holds it, and the planner lets it go at its next decision.", await ToldAsync(), StringComparison.Ordinal);

        async Task<string> ToldAsync()
        {
            _output.GetStringBuilder().Clear();
            await ExplainCommand.RunAsync(history.Log, oldest.Name, null, goes, json: false, _output, Ct);
            return _output.ToString();
        }
    }

    [Fact]
    public async Task What_held_it_once_and_does_no_more_is_not_said_to_hold_it()
    {
        var history = new History(History.Terms("0d:1d")).Run(TimeSpan.FromHours(2));
        var s = history.Snapshots().Single(s => s.IsComplete);
        history.Append(s.DropletId, s.SnapshotId, new SnapshotPinned(s.SnapshotId, s.DropletId, "ann", "audit", history.Now));
        history.Run(TimeSpan.FromDays(3));
        await TellAsync("held by guard Pinned: it is pinned", kept: true);
        Assert.Contains("and it is held: it is pinned", _output.ToString(), StringComparison.Ordinal);

        history.Append(s.DropletId, s.SnapshotId, new SnapshotUnpinned(s.SnapshotId, s.DropletId, "ann", "over", history.Now));
        Assert.Equal(Guard.Pinned, history.Snapshots().Single(o => o.SnapshotId == s.SnapshotId).HeldBy);
        await TellAsync("nothing holds it, and the planner lets it go at its next decision", kept: false);
        Assert.DoesNotContain("it is held", _output.ToString(), StringComparison.Ordinal);

        history.State(new PlanPaused(History.Plan, "ann", "holiday", history.Now));
        await TellAsync("held by guard Paused", kept: true);
        history.State(new PlanResumed(History.Plan, "ann", "back", history.Now));
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0d:30d"), history.Now));
        await TellAsync("kept: not yet 30d old", kept: true);

        async Task TellAsync(string says, bool kept)
        {
            var json = await JsonAsync(() => ExplainCommand.RunAsync(history.Log, s.Name, null, history.Now, json: true, _output, Ct));
            Assert.Contains(says, json.GetProperty("verdict").GetString(), StringComparison.Ordinal);
            Assert.Equal(kept, json.GetProperty("kept").GetBoolean());
        }
    }

    [Theory]
    [InlineData("nobody", null, "the log knows no snapshot of this id, image id or name")]
    [InlineData("first", -20, "the log did not know it yet")]
    [InlineData("first", 20, "is in the future")]
    public async Task What_cannot_be_explained_is_refused(string subject, int? days, string says)
    {
        var name = subject == "first" ? Past.Events.Select(e => e.Data).OfType<SnapshotRequested>().Last().SnapshotName : subject;
        var e = await Assert.ThrowsAsync<SubjectException>(() => ExplainAsync(name, days is { } d ? Past.Last.AddDays(d) : null));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_ends_with_0_where_all_holds_and_with_1_where_something_does_not()
    {
        Assert.Equal(ExitCodes.Done, await AuditCommand.RunAsync(Past.Log, new AuditTerms(), Past.Last, json: false, _output, Ct));
        Assert.Contains("**Everything that was judged is borne out by the log.**", _output.ToString(), StringComparison.Ordinal);

        var wrong = new History(History.Terms("0d:3d")).Run(TimeSpan.FromDays(3));
        var young = wrong.Snapshots().Where(s => s.IsComplete).MaxBy(s => s.CreatedAt)!;
        wrong.Append(young.DropletId, young.SnapshotId, new PruneAttempted(young.SnapshotId, young.DropletId, young.ImageId!.Value, 1, wrong.Now, wrong.Now));
        var json = await JsonAsync(
            () => AuditCommand.RunAsync(wrong.Log, new AuditTerms(), wrong.Now, json: true, _output, Ct), ExitCodes.Failed);
        Assert.False(json.GetProperty("holds").GetBoolean());
        Assert.Equal(young.SnapshotId, json.GetProperty("findings")[0].GetProperty("snapshotId").GetGuid());
    }

    [Fact]
    public async Task An_audit_of_no_time_is_refused() => await Assert.ThrowsAsync<UsageException>(() => AuditCommand.RunAsync(
        Past.Log, new AuditTerms { From = Past.Last, To = Past.Last }, Past.Last, json: false, _output, Ct));

    [Fact]
    public async Task What_if_tells_what_would_be_otherwise_and_draws_it()
    {
        Assert.Equal(0, await WhatIfCommand.RunAsync(Past.Log, WhatIfRuns.Terms("0d:6d"), Past.Last, json: false, chart: true, _output, Ct));
        var told = _output.ToString();
        Assert.Contains("Gone or never made, and would exist: 6", told, StringComparison.Ordinal);
        Assert.Contains("deleted by 0d:3d at 2026-01-", told, StringComparison.Ordinal);
        Assert.Contains("as it would be |", told, StringComparison.Ordinal);

        var json = await JsonAsync(() => WhatIfCommand.RunAsync(Past.Log, WhatIfRuns.Terms("0d:3d"), Past.Last, json: true, chart: false, _output, Ct));
        Assert.True(json.GetProperty("same").GetBoolean());
        Assert.Equal(11, json.GetProperty("days").GetArrayLength());
    }

    [Theory]
    [InlineData(null, null, "what-if needs another policy")]
    [InlineData("0d:6d", "q", "the log knows no such plan")]
    public async Task What_if_nothing_or_of_nothing_is_refused(string? keep, string? plan, string says)
    {
        var e = await Record.ExceptionAsync(() => WhatIfCommand.RunAsync(
            Past.Log, new WhatIfTerms { Keep = WhatIfRuns.Terms(keep).Keep, Plan = plan }, Past.Last, json: false, chart: false, _output, Ct));
        Assert.Equal(keep is null ? typeof(UsageException) : typeof(SubjectException), e?.GetType());
        Assert.Contains(says, e!.Message, StringComparison.Ordinal);
    }

    private async Task<string> TellAsync(string name, int last = 0)
    {
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await HistoryCommand.RunAsync(Past.Log, name, last, json: false, _output, Ct));
        return _output.ToString();
    }

    private async Task<string> ExplainAsync(string name, DateTimeOffset? at)
    {
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await ExplainCommand.RunAsync(Past.Log, name, at, Past.Last, json: false, _output, Ct));
        return _output.ToString();
    }

    private async Task<JsonElement> JsonAsync(Func<Task<int>> ask, int code = 0)
    {
        _output.GetStringBuilder().Clear();
        Assert.Equal(code, await ask());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    internal static IEnumerable<(string Name, object Data)> GoldenLines() =>
        from line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "GoldenEvents.txt"))
        let parts = line.Split(' ', 2)
        let type = EventTypes.Aliases.Keys.Single(t => t.Name == parts[0])
        select (parts[0], JsonSerializer.Deserialize(parts[1], type, Json)!);

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };
}
