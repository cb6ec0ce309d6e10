using System.Net;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Api.Tests;

/// <summary>The tokens of an OpenID Connect server as others write them: found by its discovery document, typed <c>at+jwt</c>, signed by a key of its own.</summary>
public sealed class OpenIddictTests
{
    private readonly PostgresFixture _postgres;

    public OpenIddictTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("monitor", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("night-job", HttpStatusCode.OK, HttpStatusCode.Accepted)]
    [InlineData("stranger", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("payroll", HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    public async Task A_program_may_do_what_its_token_says(string program, HttpStatusCode question, HttpStatusCode command)
    {
        await using var issuer = await OpenIddictIssuer.StartAsync(Ct);
        await using var service = await Service.StartAsync(
            await _postgres.CreateDatabaseAsync(Ct), Ct, $"--Api:Oidc:Authority={issuer.Address}", "--Api:Oidc:Audience=do-snapshot");
        await service.SeedAsync(Ct);
        var token = await issuer.TokenAsync(program, Ct);
        using var asked = await service.SendAsync(HttpMethod.Get, "/v1/status", token: token);
        using var commanded = await service.SendAsync(HttpMethod.Post, "/v1/pauses", new { subject = "p", reason = "r" }, token);
        Assert.Equal((question, command), (asked.StatusCode, commanded.StatusCode));
        var actors = (await service.EventsAsync<PlanPaused>()).Select(e => e.Actor);
        Assert.Equal(command is HttpStatusCode.Accepted ? [$"oidc:{program}"] : [], actors);
    }
}
