using System.Globalization;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Compose.Tests;

/// <summary>
/// The life of an installation: built, started, used, made larger, its containers killed, stopped, taken down. In one test, as it takes a while to get there;
/// what is looked at are the account's own books, and the log by the API.
/// </summary>
public sealed class StackTests
{
    private const string Droplet = "web-1";

    private static readonly string[] Services = ["planner", "snapshot-worker", "transfer-worker", "pruner-worker", "api"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_started_used_scaled_killed_stopped_and_taken_down()
    {
        Assert.SkipUnless(await Stack.CanRunAsync(Ct), "no Docker engine with Compose answers here");
        await using var stack = await Stack.UpAsync(Ct);

        await WhatIsDueIsTakenAsync(stack);
        await OneByHandIsTakenOnceAsync(stack, meanwhile: _ => Task.CompletedTask);

        await stack.ComposeAsync(Ct, "up", "--detach", "--wait", "--no-recreate", "--scale", "snapshot-worker=3");
        Assert.Equal(3, (await stack.ContainersAsync(Ct, "snapshot-worker")).Length);
        await OneByHandIsTakenOnceAsync(stack, meanwhile: KillAndStartAsync);

        await NoTokenIsSeenAsync(stack);
        Assert.Equal("True", (await stack.AskAsync("/v1/audit", Ct))["holds"]!.ToString(), ignoreCase: true);
        await EachEndsInTenSecondsAsync(stack);
        Assert.Equal("", await stack.DownAsync(Ct));
    }

    /// <summary>Every droplet of the plan has a snapshot, copied to the plan's region, within a few minutes of the start.</summary>
    private static async Task WhatIsDueIsTakenAsync(Stack stack)
    {
        var state = "";
        var well = await Eventually.HoldsAsync(
            async () =>
            {
                var counts = (await stack.AskAsync("/v1/status", Ct))["counts"]!;
                state = counts.ToJsonString();
                return (int)counts["droplets"]! == 6 && (int)counts["unwell"]! == 0 && await CopiedAsync(stack);
            },
            Patience,
            Ct);
        Assert.True(well, state);
    }

    private static async Task<bool> CopiedAsync(Stack stack)
    {
        var snapshots = (await stack.BooksAsync(Ct))["snapshots"]!.AsArray();
        var ours = snapshots.Where(s => DateTimeOffset.Parse((string)s!["created_at"]!, CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow().AddMinutes(-20)).ToList();
        return ours.Count > 0 && ours.TrueForAll(s => s!["regions"]!.AsArray().Any(r => (string?)r == "lon1"));
    }

    /// <summary>What is asked for by the API is made once, whatever happens while DigitalOcean works on it.</summary>
    private static async Task OneByHandIsTakenOnceAsync(Stack stack, Func<Stack, Task> meanwhile)
    {
        var answer = await stack.CommandAsync("/v1/snapshots", new { droplets = new[] { Droplet }, reason = "before the upgrade" }, Ct);
        var id = (string)answer["accepted"]![0]!["id"]!;
        await PhaseAsync(stack, id, "started", "complete");
        await meanwhile(stack);
        var name = await PhaseAsync(stack, id, "complete");
        Assert.Single((await stack.BooksAsync(Ct))["snapshots"]!.AsArray(), s => (string?)s!["name"] == name);
    }

    private static async Task<string> PhaseAsync(Stack stack, string id, params string[] wanted)
    {
        var (phase, name) = ("", "");
        Assert.True(
            await Eventually.HoldsAsync(
                async () =>
                {
                    var snapshot = await stack.AskAsync($"/v1/snapshots/{id}", Ct);
                    (phase, name) = ((string)snapshot["phase"]!, (string)snapshot["name"]!);
                    return wanted.Contains(phase, StringComparer.Ordinal);
                },
                Patience,
                Ct),
            $"{name} is {phase}");
        return name;
    }

    private static async Task KillAndStartAsync(Stack stack)
    {
        string[] killed = [.. await stack.ContainersAsync(Ct, "planner"), .. await stack.ContainersAsync(Ct, "snapshot-worker"), .. await stack.ContainersAsync(Ct, "rabbitmq")];
        await stack.DockerAsync(Ct, ["kill", .. killed]);
        await stack.ComposeAsync(Ct, "up", "--detach", "--wait", "--no-recreate", "--scale", "snapshot-worker=3");
    }

    /// <summary>Not in what Docker tells of a container, not in what was logged at the highest level, not in a command line, not in an environment.</summary>
    private static async Task NoTokenIsSeenAsync(Stack stack)
    {
        var containers = await stack.ContainersAsync(Ct);
        var seen = new List<string> { await stack.DockerAsync(Ct, ["inspect", .. containers]), await stack.ComposeAsync(Ct, "logs", "--no-color") };
        foreach (var container in containers)
        {
            // As the engine's machine has it in /proc/*/cmdline.
            seen.Add(await stack.DockerAsync(Ct, "top", container, "-o", "pid,args"));
        }

        // It is the log of services that had the token, and say a lot.
        Assert.Contains("trce:", seen[1], StringComparison.Ordinal);
        Assert.All(seen, text => Assert.DoesNotContain(stack.ApiToken, text, StringComparison.Ordinal));
        Assert.All(seen, text => Assert.DoesNotContain(stack.CallerToken, text, StringComparison.Ordinal));
    }

    /// <summary>By SIGTERM, and not by what comes when that was of no use.</summary>
    private static async Task EachEndsInTenSecondsAsync(Stack stack)
    {
        foreach (var service in Services)
        {
            foreach (var container in await stack.ContainersAsync(Ct, service))
            {
                await stack.DockerAsync(Ct, "stop", "--time", "10", container);
                Assert.Equal($"{service} 0", $"{service} {await stack.InspectAsync(container, "{{.State.ExitCode}}", Ct)}");
            }
        }
    }
}
