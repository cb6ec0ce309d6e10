using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.ByApi;

/// <summary>A command's use of an API in place of a log: called, and what goes wrong with it told.</summary>
internal static class ApiUse
{
    /// <summary>Calls it.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="run">Is given what calls it.</param>
    /// <param name="surroundings">The command's.</param>
    /// <returns>The exit code: what <paramref name="run"/> gives, 1 where the API cannot be used, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(ApiPlace place, Func<ApiCaller, Task<int>> run, Surroundings surroundings)
    {
        try
        {
            if (place.Warning is { } warning)
            {
                await surroundings.Error.WriteLineAsync($"{Usage.Program}: {warning}");
            }

            using var caller = new ApiCaller(place, surroundings.Clock);
            return await run(caller);
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, surroundings.Error);
        }
        catch (ApiException e)
        {
            return e.Tell(surroundings.Error, place.Token);
        }
    }
}
