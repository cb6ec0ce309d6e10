using DoSnapshot.Cli.Doctor;
using DoSnapshot.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Cli.Tests.Doctor;

/// <summary>A practice account in this process, and an examination of it.</summary>
internal sealed class Practice : IDisposable
{
    public const string Token = ServedSandbox.Token;

    /// <summary>What the README asks for.</summary>
    public static readonly string[] Scopes =
    [
        "account:read", "actions:read", "droplet:read", "droplet:update", "image:create", "image:read", "image:update", "image:delete", "regions:read",
        "sizes:read", "snapshot:read", "snapshot:delete", "block_storage_snapshot:read", "tag:read",
    ];

    private readonly HttpClient back;

    public Practice(SandboxSettings? settings = null)
    {
        Clock = new FakeTimeProvider(World.Start);
        Account = new SandboxAccount(Clock, settings ?? new SandboxSettings());
        Line = new Line(new SandboxHandler(Account));
        back = SandboxHandler.CreateClient(Account);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; }

    public SandboxAccount Account { get; }

    public Line Line { get; }

    /// <summary>How far the API's clock is ahead of this machine's.</summary>
    public TimeSpan ApiIsAhead
    {
        get => Account.Faults.ClockSkew;
        set => Account.Faults.ClockSkew = value;
    }

    public long AddDroplet(string name, params string[] tags) => Account.AddDroplet(new NewDroplet { Name = name, Region = World.Home, Tags = tags }).OrThrow().Id;

    /// <summary>Gives out the token with these scopes.</summary>
    public void Grant(IEnumerable<string>? scopes, string? team = null) =>
        Account.SetToken(new NewToken { Name = "examined", Token = Token, Scopes = scopes?.ToList(), Team = team }).OrThrow();

    /// <summary>Everything that the account's books hold.</summary>
    public async Task<string> BooksAsync() => await back.GetStringAsync(new Uri("/sandbox/state", UriKind.Relative), Ct)
        + await back.GetStringAsync(new Uri("/sandbox/tokens", UriKind.Relative), Ct);

    /// <summary>Examines it, with the token unless the environment says something else.</summary>
    public async Task<Report> ExamineAsync(DoctorOptions options, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DO_TOKEN"] = Token };
        foreach (var (name, value) in environment)
        {
            variables[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        var before = Account.Journal.Total;
        var settings = DoctorSettings.Read(options, new ConfigurationBuilder().AddInMemoryCollection(variables).Build());
        var examined = await DoctorRun.ExamineAsync(settings, Line, Clock, Ct);
        using var output = new StringWriter();
        var code = DoctorOutput.Write(examined, options.Json, output);
        return new Report(code, examined, output.ToString(), Account.Journal.Since(before));
    }

    public void Dispose()
    {
        back.Dispose();
        Line.Dispose();
    }
}

/// <summary>What an examination came to.</summary>
internal sealed record Report(int Code, IReadOnlyList<Examined> All, string Text, IReadOnlyList<SandboxCall> Calls)
{
    public IEnumerable<CheckResult> Of(string check) => All.Where(e => e.Check == check).Select(e => e.Result);

    /// <summary>Asserts that a check says this, and gives the whole of it.</summary>
    public CheckResult Says(string check, CheckState state, string part)
    {
        Assert.Contains(Of(check), r => r.State == state && $"{r.Detail}. {r.WhatToDo}".Contains(part, StringComparison.Ordinal));
        return Of(check).First(r => r.State == state && $"{r.Detail}. {r.WhatToDo}".Contains(part, StringComparison.Ordinal));
    }
}
