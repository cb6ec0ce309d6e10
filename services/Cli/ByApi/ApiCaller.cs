using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.HttpApi;

namespace DoSnapshot.Cli.ByApi;

/// <summary>Calls the HTTP API of a place, and says in the command's words what is wrong where there is no answer.</summary>
internal sealed class ApiCaller : IDisposable
{
    private const string Doubt = $". Whether it was done all the same, '{Usage.Program} history' says";

    private readonly ApiPlace place;
    private readonly ApiConnection connection;

    /// <summary>Calls the API of a place.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="clock">Waits between two attempts.</param>
    public ApiCaller(ApiPlace place, TimeProvider clock)
    {
        this.place = place;
        connection = new ApiConnection(place.Url, place.Token, clock);
    }

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query, relative to the API's address.</param>
    /// <param name="accept">The wanted form.</param>
    /// <param name="isLong">Whether the answer may take minutes.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiException">The API cannot be reached.</exception>
    public Task<ApiAnswer> GetAsync(string path, string accept, bool isLong, CancellationToken ct) =>
        InWordsAsync(connection.GetAsync(path, accept, isLong ? ApiConnection.LongLimit : ApiConnection.UsualLimit, repeats: true, ct), "");

    /// <summary>Commands, once only.</summary>
    /// <param name="path">The path, relative to the API's address.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="key">The command's own key, which every repeat has.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiException">The API cannot be reached.</exception>
    public Task<ApiAnswer> PostAsync(string path, string body, string key, CancellationToken ct) =>
        InWordsAsync(connection.PostAsync(path, body, key, ct), Doubt);

    /// <summary>Commands that something be as the body says, once only.</summary>
    /// <param name="path">The path, relative to the API's address.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="key">The command's own key, which every repeat has.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiException">The API cannot be reached.</exception>
    public Task<ApiAnswer> PutAsync(string path, string body, string key, CancellationToken ct) => InWordsAsync(connection.PutAsync(path, body, key, ct), Doubt);

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>The answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="doubt">What there is to say besides where a request may have arrived, and its answer did not.</param>
    private async Task<ApiAnswer> InWordsAsync(Task<ApiAnswer> call, string doubt)
    {
        try
        {
            return await call;
        }
        catch (ApiCallException e) when (e.Failure is ApiCallFailure.Unreachable)
        {
            throw new ApiException(
                $"the API at {place} cannot be reached: {e.Why}: look whether it runs, and whether {ApiPlace.Option} or {ApiPlace.Variable} has its address"
                + (e.NeverArrived ? "" : doubt));
        }
        catch (ApiCallException e)
        {
            throw new ApiException(string.Create(CultureInfo.InvariantCulture, $"the API at {place} has not answered in {e.Limit.TotalSeconds:0} s: its own log may say why{doubt}"));
        }
    }
}
