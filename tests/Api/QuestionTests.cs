using System.Net;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Operating.Answers;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DoSnapshot.Api.Tests;

/// <summary>Questions by HTTP: the answers are the command's, and what cannot be answered is a problem.</summary>
public sealed class QuestionTests
{
    private readonly PostgresFixture _postgres;

    public QuestionTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/status", null, 200, "application/json", "\"droplets\"")]
    [InlineData("/v1/status", "text/plain", 200, "text/plain", "4 droplets")]
    [InlineData("/v1/status", null, 200, "application/json", "\"running\"")]
    [InlineData("/v1/status", "text/plain", 200, "text/plain", "Nobody leads")]
    [InlineData("/v1/status", "image/png", 406, "application/problem+json", "text/plain")]
    [InlineData("/v1/history/one", "text/plain", 200, "text/plain", "first")]
    [InlineData("/v1/history/nobody", null, 404, "application/problem+json", "nobody")]
    [InlineData("/v1/history/twins", null, 409, "application/problem+json", "candidates")]
    [InlineData("/v1/snapshots/abcd0000/explanation", null, 200, "application/json", "\"verdict\"")]
    [InlineData("/v1/snapshots/one/explanation?at=soon", null, 400, "application/problem+json", "'soon'")]
    [InlineData("/v1/snapshots/one", null, 200, "application/json", "\"phase\": \"requested\"")]
    [InlineData("/v1/snapshots/abcd0000-0000-4000-8000-000000000001", "text/plain", 200, "text/plain", "('one') of droplet 1 ('web-1'), in no plan")]
    [InlineData("/v1/snapshots/none", null, 404, "application/problem+json", "SNAPSHOT 'none'")]
    [InlineData("/v1/brakes", null, 200, "application/json", "\"released\": []")]
    [InlineData("/v1/brakes", "text/plain", 200, "text/plain", "No brake is on.")]
    [InlineData("/v1/audit?open-limit=0d", null, 400, "application/problem+json", "open-limit")]
    [InlineData("/v1/audit", null, 200, "application/json", "\"holds\": true")]
    [InlineData("/v1/audit", "text/markdown", 200, "text/markdown", "**")]
    [InlineData("/v1/audit?from=2026-02-01&to=2026-01-01", null, 400, "application/problem+json", "from")]
    [InlineData("/v1/audit?droplet=nobody", null, 404, "application/problem+json", "nobody")]
    [InlineData("/v1/what-if?keep=1w:1m&keep=0d:3d", null, 200, "application/json", "\"same\"")]
    [InlineData("/v1/what-if", null, 400, "application/problem+json", "keep")]
    [InlineData("/v1/what-if?snapshot-interval=0h", null, 400, "application/problem+json", "snapshot-interval")]
    [InlineData("/v1/forecast", null, 200, "application/json", "\"leftOut\": 0")]
    [InlineData("/v1/forecast?days=2&subject=web-1", "text/plain", 200, "text/plain", "Nothing goes until ")]
    [InlineData("/v1/forecast?subject=p&price=0.05&days=366", "text/plain", 200, "text/plain", "MONTH")]
    [InlineData("/v1/forecast?days=40", "text/calendar", 200, "text/calendar", "BEGIN:VEVENT")]
    [InlineData("/v1/forecast", "text/html", 406, "application/problem+json", "text/calendar")]
    [InlineData("/v1/forecast.ics?days=40", "text/html", 200, "text/calendar", "BEGIN:VEVENT")]
    [InlineData("/v1/forecast.ics?subject=web-1&days=1", null, 200, "text/calendar", "BEGIN:VCALENDAR")]
    [InlineData("/v1/forecast?days=0", null, 400, "application/problem+json", "'0': a number from 1 to 366 is wanted")]
    [InlineData("/v1/forecast.ics?days=367", null, 400, "application/problem+json", "'367': a number from 1 to 366 is wanted")]
    [InlineData("/v1/forecast?price=cheap", null, 400, "application/problem+json", "a number of dollars")]
    [InlineData("/v1/forecast?day=5", null, 400, "application/problem+json", "there is subject, days, price")]
    [InlineData("/v1/forecast?subject=nobody", null, 404, "application/problem+json", "nobody")]
    [InlineData("/v1/forecast.ics?subject=twins", null, 409, "application/problem+json", "candidates")]
    [InlineData("/v1/audit?form=2026-02-01", null, 400, "application/problem+json", "it is not known here; there is from, to, droplet, open-limit")]
    [InlineData("/v1/status?last=5", null, 400, "application/problem+json", "it is not known here, where nothing is")]
    [InlineData("/v1/history/one?LAST=5", null, 200, "application/json", "first")]
    [InlineData("/v1/pins", null, 405, "application/problem+json", "the header Allow says which")]
    [InlineData("/v1/audit?droplet=%00", null, 400, "application/problem+json", "no text can have")]
    [InlineData("/v1/history/one?last=abc", null, 400, "application/problem+json", "last")]
    [InlineData("/v1/status", "application/json; charset=utf-8", 200, "application/json", "\"droplets\"")]
    [InlineData("/v1/nothing", null, 404, "application/problem+json", "There is nothing at this address")]
    public async Task Each_question_is_answered_or_says_what_is_wrong_with_it(string path, string? accept, int status, string type, string contains)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.GetAsync(path, accept);
        Assert.Equal(((HttpStatusCode)status, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(contains, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("text/plain", false)]
    public async Task An_answer_is_the_commands_to_the_byte(string? accept, bool json)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        using var response = await service.GetAsync("/v1/history/web-1", accept);
        await using var output = new StringWriter();
        await HistoryAnswer.WriteAsync(service.Log, "web-1", HistoryAnswer.Last, json, output, Ct);
        Assert.Equal(output.ToString(), await response.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "--Telemetry:Prometheus=false", "without tokens only this machine may be listened to")]
    [InlineData("http://loopback:0", "--Telemetry:Prometheus=false", "without tokens only this machine may be listened to")]
    [InlineData("http://[::]:0", "--Telemetry:Prometheus=false", "without tokens only this machine may be listened to")]
    [InlineData("http://127.0.0.1:0", "--Api:OperatorTokenFile=", "names no file")]
    [InlineData("http://127.0.0.1:0", "--Api:OperatorToken=", "Api:OperatorToken has no token")]
    [InlineData("http://127.0.0.1:0", "--Api:ViewerToken=", "Api:ViewerToken has no token")]
    [InlineData("http://127.0.0.1:0", "--Api:ViewerToken=ann:short", "a token of at least 16")]
    [InlineData("http://127.0.0.1:0", "--Api:OperatorTokenFile=/dev/null", "has no token")]
    [InlineData("http://127.0.0.1:0", "--Api:Token=x", "is no setting")]
    public void A_configuration_that_opens_the_door_is_refused(string url, string setting, string says)
    {
        var e = Assert.Throws<OptionsValidationException>(() => ApiHost.Build(["--Platform:LogConnectionString=Host=nowhere", $"--urls={url}", setting]));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ann:short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_says_where_the_log_is_and_one_that_does_not_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            var e = Assert.Throws<OptionsValidationException>(() => ApiHost.Build([$"--Platform:LogConnectionStringFile={file}"]));
            Assert.Contains($"Platform:LogConnectionStringFile '{file}' is empty", e.Message, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "Host=nowhere\n", Ct);
            await using var app = ApiHost.Build([$"--Platform:LogConnectionStringFile={file}"]);
            Assert.Equal("Host=nowhere", app.Services.GetRequiredService<PlatformOptions>().LogConnectionString);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("DoSnapshot", LogLevel.Information, true)]
    [InlineData("DoSnapshot", LogLevel.Debug, false)]
    [InlineData("Marten", LogLevel.Warning, false)]
    [InlineData("DoSnapshot", LogLevel.Debug, true, "--Logging:LogLevel:Default=Debug")]
    [InlineData("DoSnapshot", LogLevel.Information, false, "--Logging:LogLevel:Default=Error")]
    [InlineData("Marten", LogLevel.Debug, true, "--Logging:LogLevel:Marten=Debug")]
    public async Task What_is_said_is_the_configurations_to_choose(string category, LogLevel level, bool isSaid, params string[] settings)
    {
        await using var app = ApiHost.Build(["--Platform:LogConnectionString=Host=nowhere", .. settings]);
        Assert.Equal(isSaid, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public async Task Without_tokens_everybody_on_this_machine_is_its_operator_but_no_web_page_by_another_name()
    {
        await using var service = await Service.StartAsync(await _postgres.CreateDatabaseAsync(Ct), Ct, "--Telemetry:Prometheus=false");
        using var live = await service.SendAsync(HttpMethod.Get, "/health/live", token: null);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.Host = "evil.example";
        using var refused = await service.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    /// <summary>A forecast reads what the log folds to, and takes its turn with those that read the events.</summary>
    [Theory]
    [InlineData("/v1/audit")]
    [InlineData("/v1/forecast")]
    [InlineData("/v1/forecast.ics")]
    [InlineData("/v1/events?after=0&search=one")]
    public async Task Of_questions_that_read_the_whole_log_two_run_eight_wait_and_the_rest_comes_again(string path)
    {
        await using var service = await Service.StartAsync(_postgres, Ct);
        await using var connection = new NpgsqlConnection(service.Store);
        await connection.OpenAsync(Ct);
        await using var hold = await connection.BeginTransactionAsync(Ct);
        await using (var locking = new NpgsqlCommand("lock table do_snapshot.mt_events, do_snapshot.mt_doc_droplet in access exclusive mode", connection, hold))
        {
            await locking.ExecuteNonQueryAsync(Ct);
        }

        var asked = Enumerable.Range(0, 11).Select(_ => service.GetAsync(path)).ToList();
        using var refused = await await Task.WhenAny(asked);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));

        await hold.RollbackAsync(Ct);
        var answers = await Task.WhenAll(asked);
        Assert.Equal(10, answers.Count(a => a.StatusCode is HttpStatusCode.OK));
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Without_PostgreSQL_it_says_when_to_come_again()
    {
        await using var service = await Service.StartAsync("Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d", Ct);
        using var response = await service.GetAsync("/v1/status");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}
