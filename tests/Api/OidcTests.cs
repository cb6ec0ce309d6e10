using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Api.Tests;

/// <summary>Callers by the tokens of an OpenID Connect issuer: who may what, what is nobody's, and what a configuration must not be.</summary>
public sealed class OidcTests
{
    private readonly PostgresFixture _postgres;

    public OidcTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What kind of token is brought, and the statuses of a question and of a command.</summary>
    private static readonly (string Kind, int Question, int Command)[] Tokens =
    [
        ("viewer", 200, 403),
        ("operator", 200, 202),
        ("operator among others", 200, 202),
        ("operator in one text", 200, 202),
        ("operator within a name of several words", 403, 403),
        ("no role", 403, 403),
        ("another role", 403, 403),
        ("another audience", 401, 401),
        ("no audience", 401, 401),
        ("another issuer", 401, 401),
        ("expired", 401, 401),
        ("no expiry", 401, 401),
        ("not yet", 401, 401),
        ("no name", 401, 401),
        ("a name with a line end", 401, 401),
        ("another key", 401, 401),
        ("no signature", 401, 401),
        ("no signature, said to have one", 401, 401),
        ("signed with what everybody knows", 401, 401),
        ("changed after it was signed", 401, 401),
        ("no token", 401, 401),
        ("half a token", 401, 401),
        ("a configured token", 200, 202),
        ("nobody's configured token", 401, 401),
    ];

    [Fact]
    public async Task A_token_says_who_may_what_and_nobody_is_told_by_one_that_is_not_whole()
    {
        await using var issuer = await Issuer.StartAsync(Ct);
        await using var service = await StartAsync(issuer.Address, "--Api:OperatorToken=eve:operator-token-of-eve");
        await service.SeedAsync(Ct);
        var said = new Collected();
        service.Services.GetRequiredService<ILoggerFactory>().AddProvider(said);
        foreach (var row in Tokens)
        {
            var token = Token(issuer, row.Kind);
            using var question = await service.SendAsync(HttpMethod.Get, "/v1/status", token: token);
            using var command = await service.SendAsync(HttpMethod.Post, "/v1/snapshots", new { droplets = new[] { "web-1", "web-2" }, reason = row.Kind }, token);
            // Two within a second are refused by the rules, after whoever asks was let in.
            var commanded = command.StatusCode is HttpStatusCode.Conflict ? 202 : (int)command.StatusCode;
            Assert.True((row.Question, row.Command) == ((int)question.StatusCode, commanded), $"{row.Kind}: {question.StatusCode}, {command.StatusCode}");
            if (row.Question >= 400)
            {
                Assert.Equal("application/problem+json", question.Content.Headers.ContentType?.MediaType);
                Assert.DoesNotContain("IDX", $"{question.Headers.WwwAuthenticate}{await question.Content.ReadAsStringAsync(Ct)}", StringComparison.Ordinal);
            }

            if (token is not null)
            {
                Assert.DoesNotContain(said.Lines, line => line.Contains(token, StringComparison.Ordinal));
            }
        }

        Assert.NotEmpty(said.Lines);
        Assert.Contains("oidc:ann@example.com", (await service.EventsAsync<SnapshotRequested>()).Select(e => e.Actor));
    }

    [Fact]
    public async Task Claims_and_roles_are_called_as_the_configuration_says()
    {
        await using var issuer = await Issuer.StartAsync(Ct);
        await using var service = await StartAsync(
            issuer.Address, "--Api:Oidc:RoleClaim=groups", "--Api:Oidc:OperatorRole=snapshot-admins", "--Api:Oidc:NameClaim=preferred_username");
        await service.SeedAsync(Ct);
        var token = issuer.Token(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["groups"] = new[] { "staff", "snapshot-admins" },
            ["roles"] = "nothing",
            ["preferred_username"] = "ann",
        });
        using var command = await service.SendAsync(HttpMethod.Post, "/v1/pauses", new { subject = "p", reason = "r" }, token);
        Assert.Equal(HttpStatusCode.Accepted, command.StatusCode);
        Assert.Equal("oidc:ann", Assert.Single(await service.EventsAsync<PlanPaused>()).Actor);
    }

    [Fact]
    public async Task While_the_issuer_is_away_nobody_is_told_that_the_token_is_wrong()
    {
        string address;
        string token;
        await using (var issuer = await Issuer.StartAsync(Ct))
        {
            (address, token) = (issuer.Address, Token(issuer, "viewer")!);
        }

        await using var service = await StartAsync(address);
        using var response = await service.SendAsync(HttpMethod.Get, "/v1/status", token: token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Contains("issuer", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Api:Oidc:Authority is required", "--Api:Oidc:Audience=a")]
    [InlineData("Api:Oidc:Audience is required (environment: Api__Oidc__Audience)", "--Api:Oidc:Authority=https://login.example.com")]
    [InlineData("https:// is wanted", "--Api:Oidc:Authority=http://login.example.com", "--Api:Oidc:Audience=a")]
    [InlineData("Api:Oidc:Authority 'login' cannot be used", "--Api:Oidc:Authority=login", "--Api:Oidc:Audience=a")]
    [InlineData("are both 'x'", "--Api:Oidc:Authority=https://login.example.com", "--Api:Oidc:Audience=a", "--Api:Oidc:ViewerRole=x", "--Api:Oidc:OperatorRole=x")]
    [InlineData("Api:Oidc:NameClaim is required", "--Api:Oidc:Authority=https://login.example.com", "--Api:Oidc:Audience=a", "--Api:Oidc:NameClaim=")]
    [InlineData("Api:Oidc:Audiences is no setting", "--Api:Oidc:Audiences=a")]
    [InlineData("Api:Oidc is a section", "--Api:Oidc=https://login.example.com")]
    public void A_configuration_that_would_let_in_the_wrong_ones_is_refused_by_name(string says, params string[] settings)
    {
        var e = Assert.Throws<OptionsValidationException>(() => ApiHost.Build(["--Platform:LogConnectionString=Host=nowhere", .. settings]));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_issuer_others_may_be_listened_to_as_with_tokens()
    {
        await using var app = ApiHost.Build(
        [
            "--Platform:LogConnectionString=Host=nowhere", "--urls=http://0.0.0.0:0", "--Api:Oidc:Authority=https://login.example.com", "--Api:Oidc:Audience=a",
        ]);
        Assert.False(app.Services.GetRequiredService<Callers>().IsOpen);
    }

    private static string? Token(Issuer issuer, string kind)
    {
        using var other = RSA.Create(2048);
        return kind switch
        {
            "viewer" => Of("roles", "viewer"),
            "operator" => Of("roles", "operator"),
            "operator among others" => Of("roles", new[] { "viewer", "staff", "operator" }),
            "operator in one text" => Of("roles", "staff operator"),
            "no role" => issuer.Token(new Dictionary<string, object?>(StringComparer.Ordinal)),
            "operator within a name of several words" => Of("roles", new[] { "help desk operator" }),
            "another role" => Of("roles", "operators"),
            "another audience" => Operator("aud", "somebody-else"),
            "no audience" => Operator("aud", null),
            "another issuer" => Operator("iss", "https://login.example.com"),
            "expired" => Operator("exp", TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds()),
            "no expiry" => Operator("exp", null),
            "not yet" => Operator("nbf", TimeProvider.System.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds()),
            "no name" => Operator("sub", null),
            "a name with a line end" => Operator("sub", "ann\nroot"),
            "another key" => issuer.Token(Roles("operator"), other),
            "no signature" => issuer.Token(Roles("operator"), algorithm: "none"),
            "no signature, said to have one" => Of("roles", "operator").Split('.') is var parts ? $"{parts[0]}.{parts[1]}." : null,
            "signed with what everybody knows" => issuer.Token(Roles("operator"), algorithm: "HS256"),
            "changed after it was signed" => Of("roles", "viewer").Split('.') is var v && Of("roles", "operator").Split('.') is var o ? $"{v[0]}.{o[1]}.{v[2]}" : null,
            "no token" => null,
            "half a token" => "eyJhbGciOiJSUzI1NiJ9.eyJ",
            "a configured token" => "operator-token-of-eve",
            _ => "operator-token-of-nobody",
        };

        string Of(string claim, object? value) => issuer.Token(new Dictionary<string, object?>(StringComparer.Ordinal) { [claim] = value });

        string Operator(string claim, object? value) => issuer.Token(new Dictionary<string, object?>(StringComparer.Ordinal) { ["roles"] = "operator", [claim] = value });

        static Dictionary<string, object?> Roles(string role) => new(StringComparer.Ordinal) { ["roles"] = role };
    }

    private async Task<Service> StartAsync(string authority, params string[] settings) => await Service.StartAsync(
        await _postgres.CreateDatabaseAsync(Ct),
        Ct,
        [$"--Api:Oidc:Authority={authority}", "--Api:Oidc:Audience=do-snapshot", "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", .. settings]);

    private sealed class Collected : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
