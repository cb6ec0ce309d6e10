using DoSnapshot.Api;
using DoSnapshot.Benchmarks;

namespace DoSnapshot.Questions.Benchmarks.Asking;

/// <summary>Asks the HTTP API over loopback, one question after the other.</summary>
internal static class ServerTimes
{
    private const int WarmUp = 20;

    /// <summary>Measures.</summary>
    /// <param name="store">The log.</param>
    /// <param name="sample">What to ask about.</param>
    /// <param name="asked">How often each question is asked.</param>
    /// <param name="meanwhile">Asks the same API in another way, by its address.</param>
    public static async Task<IReadOnlyDictionary<string, Times>> MeasureAsync(string store, LogSample sample, int asked, Func<string, Task> meanwhile)
    {
        await using var app = ApiHost.Build([$"--Platform:LogConnectionString={store}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var times = new Dictionary<string, Times>(StringComparer.Ordinal);
        foreach (var (name, path) in (IEnumerable<(string Name, Func<int, string> Path)>)
        [
            ("status", _ => "/v1/status"),
            ("history of a snapshot by id", i => $"/v1/history/{sample.Snapshots[i % sample.Snapshots.Count].Id}"),
            ("history of a snapshot by name", i => $"/v1/history/{Uri.EscapeDataString(sample.Snapshots[i % sample.Snapshots.Count].Name)}"),
            ("history of a droplet, its last 500 events", i => $"/v1/history/{sample.Droplets[i % sample.Droplets.Count]}"),
            ("explanation of a snapshot", i => $"/v1/snapshots/{sample.Snapshots[i % sample.Snapshots.Count].Id}/explanation"),
        ])
        {
            times[name] = new Times();
            for (var i = -WarmUp; i < asked; i++)
            {
                var began = TimeProvider.System.GetTimestamp();
                using var answer = await client.GetAsync(new Uri(path(i + WarmUp), UriKind.Relative));
                await answer.Content.ReadAsByteArrayAsync();
                if (i >= 0)
                {
                    times[name].Add(TimeProvider.System.GetElapsedTime(began));
                }

                answer.EnsureSuccessStatusCode();
            }
        }

        await meanwhile(app.Urls.First());
        return times;
    }
}
