using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>The sandbox is killed in the middle of its work, and started again.</summary>
public sealed class KillTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandbox-");

    private string DataFile => Path.Combine(_directory.FullName, "account.json");

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_when_it_is_killed_under_load()
    {
        var answered = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource();
        await using (var sandbox = await StartAsync())
        {
            var clients = Enumerable.Range(0, 4).Select(client => FillAsync(sandbox, client, answered, enough)).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), World.Cancel);
            await sandbox.KillAsync();
            await Task.WhenAll(clients);
        }

        await using var again = await StartAsync();
        var kept = await again.Client.GetFromJsonAsync<KeptTags>("/sandbox/state", World.Cancel);
        Assert.Superset(answered.ToHashSet(StringComparer.Ordinal), kept!.Tags.Select(tag => tag.Name).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_one_line_and_exit_code_2()
    {
        await File.WriteAllTextAsync(DataFile, "{ \"format\": 1,\n \"droplets\": 5 }", World.Cancel);

        var (exitCode, error) = await SandboxProcess.RunAsync(("DataFile", DataFile));

        Assert.Equal((2, $"{DataFile}: line 2, $.droplets: the value is not of the right kind.{Environment.NewLine}"), (exitCode, error));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private Task<SandboxProcess> StartAsync() =>
        SandboxProcess.StartAsync(("DataFile", DataFile), ("Seed", "empty"), ("BurstLimit", "0"), ("HourlyLimit", "0"));

    private static async Task FillAsync(SandboxProcess sandbox, int client, ConcurrentBag<string> answered, TaskCompletionSource enough)
    {
        try
        {
            for (var i = 0; i < 1_000; i++)
            {
                var name = $"tag-{client}-{i}";
                using var response = await sandbox.Client.PostAsJsonAsync("/v2/tags", new { name }, World.Cancel);
                if (response.StatusCode == HttpStatusCode.Created)
                    answered.Add(name);
                if (answered.Count >= 40)
                    enough.TrySetResult();
            }
        }
        catch (HttpRequestException)
        {
            // The kill: whether this one was done, nobody was told.
        }
    }

    private sealed record KeptTags(IReadOnlyList<NamedTag> Tags);

    private sealed record NamedTag(string Name);
}
