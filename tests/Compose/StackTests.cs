using System.Globalization;
using System.Text.Json.Nodes;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Compose.Tests;

/// <summary>
/// The life of an installation: built, started, used, made larger, its containers killed, stopped, taken down. In one test, as it takes a while to get there;
/// what is looked at are the account's own books, and the log by the API.
/// </summary>
public sealed class StackTests
{
    private const string Droplet = "web-1";

    private static readonly string[] Services = ["planner", "snapshot-worker", "transfer-worker", "pruner-worker", "api", "dashboard"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // What answers is busy with what is waited for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    // The youngest of what do-snapshot.py left is five hours old.
    private static readonly TimeSpan Lately = TimeSpan.FromHours(2);

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

        await TheDashboardIsThereAsync(stack);
        await NothingIsDoubledAsync(stack);
        await NoSecretIsSeenAsync(stack);
        Assert.Equal("True", (await stack.AskAsync("/v1/audit", Ct))["holds"]!.ToString(), ignoreCase: true);
        await EachEndsInTenSecondsAsync(stack);
        Assert.Equal("", await stack.DownAsync(Ct));
    }

    /// <summary>Every droplet of the plan has a snapshot of the last day, and those taken here are in the plan's region, within a few minutes of the start.</summary>
    private static async Task WhatIsDueIsTakenAsync(Stack stack)
    {
        var state = "";
        var well = await EventuallyAsync(async () =>
        {
            var counts = (await stack.AskAsync("/v1/status", Ct))["counts"]!;
            state = counts.ToJsonString();
            return (int)counts["droplets"]! == 6 && (int)counts["unwell"]! == 0 && (int)counts["pending"]! == 0 && (int)counts["atWork"]! == 0
                && AreCoveredAndCopied(await stack.BooksAsync(Ct));
        });
        Assert.True(well, state);
    }

    /// <summary>It asks for a token, and has the files that its pages are made of.</summary>
    private static async Task TheDashboardIsThereAsync(Stack stack)
    {
        Assert.Contains("type=\"password\"", await stack.LookAsync("/", Ct), StringComparison.Ordinal);
        Assert.Contains("Blazor", await stack.LookAsync("/_framework/blazor.web.js", Ct), StringComparison.Ordinal);
        Assert.Contains(".mud-", await stack.LookAsync("/_content/MudBlazor/MudBlazor.min.css", Ct), StringComparison.Ordinal);
    }

    private static bool AreCoveredAndCopied(JsonNode books)
    {
        var droplets = books["droplets"]!.AsArray().Where(d => d!["tags"]!.AsArray().Any(t => (string?)t == "autosnapshot")).Select(d => (long)d!["id"]!).ToList();
        // Of two of the six there was none before.
        var covered = Younger(books, TimeSpan.FromHours(25)).Select(s => (long)s["droplet_id"]!).ToHashSet();
        return droplets.Count == 6 && droplets.TrueForAll(covered.Contains)
            && Younger(books, Lately) is { Count: >= 2 } ours && ours.TrueForAll(s => s["regions"]!.AsArray().Any(r => (string?)r == "lon1"));
    }

    private static List<JsonNode> Younger(JsonNode books, TimeSpan age)
    {
        var since = TimeProvider.System.GetUtcNow() - age;
        return [.. books["snapshots"]!.AsArray().OfType<JsonNode>().Where(s => DateTimeOffset.Parse((string)s["created_at"]!, CultureInfo.InvariantCulture) > since)];
    }

    /// <summary>Whatever was killed meanwhile: each image that was made here is the one of a snapshot that the log asked for, and no two have a name.</summary>
    private static async Task NothingIsDoubledAsync(Stack stack)
    {
        var made = Younger(await stack.BooksAsync(Ct), Lately);
        Assert.InRange(made.Count, 4, int.MaxValue);
        Assert.Equal(made.Count, made.Select(s => (string)s["name"]!).Distinct(StringComparer.Ordinal).Count());
        foreach (var image in made.Select(s => (long)s["id"]!))
        {
            var snapshot = await stack.AskAsync($"/v1/snapshots/{image}", Ct);
            Assert.Equal((image, false), ((long)snapshot["imageId"]!, (bool)snapshot["discovered"]!));
        }
    }

    private static Task<bool> EventuallyAsync(Func<Task<bool>> condition) => Eventually.HoldsAsync(
        async () =>
        {
            if (await condition())
            {
                return true;
            }

            await Task.Delay(Pause, TimeProvider.System, Ct);
            return false;
        },
        Patience,
        Ct);

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
        var reached = await EventuallyAsync(async () =>
        {
            var snapshot = await stack.AskAsync($"/v1/snapshots/{id}", Ct);
            (phase, name) = ((string)snapshot["phase"]!, (string)snapshot["name"]!);
            return wanted.Contains(phase, StringComparer.Ordinal);
        });
        Assert.True(reached, $"{name} is {phase}");
        return name;
    }

    private static async Task KillAndStartAsync(Stack stack)
    {
        string[] killed = [.. await stack.ContainersAsync(Ct, "planner"), .. await stack.ContainersAsync(Ct, "snapshot-worker"), .. await stack.ContainersAsync(Ct, "rabbitmq")];
        await stack.DockerAsync(Ct, ["kill", .. killed]);
        await stack.ComposeAsync(Ct, "up", "--detach", "--wait", "--no-recreate", "--scale", "snapshot-worker=3");
    }

    /// <summary>Not in what Docker tells of a container, not in what was logged at the highest level, not in a command line, not in an environment.</summary>
    private static async Task NoSecretIsSeenAsync(Stack stack)
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
        foreach (var secret in (string[])[stack.ApiToken, stack.CallerToken, stack.DatabasePassword, stack.BrokerPassword])
        {
            Assert.All(seen, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
    }

    /// <summary>By SIGTERM, and not by what comes when that was of no use.</summary>
    private static async Task EachEndsInTenSecondsAsync(Stack stack)
    {
        foreach (var service in Services)
        {
            foreach (var container in await stack.ContainersAsync(Ct, service))
            {
                await stack.DockerAsync(Ct, "stop", "-t", "10", container);
                Assert.Equal($"{service} 0", $"{service} {await stack.InspectAsync(container, "{{.State.ExitCode}}", Ct)}");
            }
        }
    }
}
