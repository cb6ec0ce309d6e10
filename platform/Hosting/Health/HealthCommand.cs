namespace DoSnapshot.Hosting.Health;

/// <summary>Asks the service that runs in the same container whether it is ready: a health check that needs no shell and no other program.</summary>
internal static class HealthCommand
{
    /// <summary>The argument that asks for it.</summary>
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks, and prints the answer.</summary>
    /// <param name="addresses">What the service listens on; the first one is asked.</param>
    /// <returns>0 when it is ready, 1 when it is not or does not answer.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> addresses)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(Local(addresses[0]), "/health/ready"));
            await Console.Out.WriteAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{addresses[0]} does not answer: {e.Message}");
            return 1;
        }
    }

    /// <summary>An address that means every interface is reached on this machine's own.</summary>
    private static Uri Local(string address)
    {
        var host = address;
        foreach (var any in (string[])["//*", "//+", "//0.0.0.0", "//[::]"])
        {
            host = host.Replace(any, "//localhost", StringComparison.Ordinal);
        }

        return new Uri(host);
    }
}
