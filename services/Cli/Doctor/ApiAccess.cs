using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the API can be used, by its answer to one call.</summary>
/// <param name="Questions">To ask it more; null where there is nothing to ask it with.</param>
/// <param name="Client">To read lists from it; null as well then.</param>
/// <param name="Account">The answer to the call for the account; null where it was not sent.</param>
/// <param name="Took">How long that took.</param>
/// <param name="WhyNot">Why it cannot be used, in words that go on "not checked: "; null where it can.</param>
internal sealed record ApiAccess(ApiQuestions? Questions, IDigitalOcean? Client, ApiReply? Account, TimeSpan Took, string? WhyNot)
{
    /// <summary>Asks for the account.</summary>
    public static async Task<ApiAccess> LookAsync(DoctorSettings settings, HttpClient http, TimeProvider clock, CancellationToken ct)
    {
        if (settings.Api.Value is not { } options)
        {
            return Unusable("the API's address cannot be used");
        }

        if (settings.Token.Value is null)
        {
            return Unusable(settings.Token.IsGiven ? "the token cannot be read" : "it needs a token");
        }

        var questions = new ApiQuestions(http, options, clock);
        var began = TimeProvider.System.GetTimestamp();
        var reply = await questions.GetAsync("/v2/account", ct);
        return new ApiAccess(
            questions, new DigitalOceanClient(http, options, clock), reply, TimeProvider.System.GetElapsedTime(began), WhyUnusable(reply));
    }

    private static ApiAccess Unusable(string why) => new(null, null, null, TimeSpan.Zero, why);

    private static string? WhyUnusable(ApiReply reply) => reply switch
    {
        { Status: 200, Body: not null } or { IsForbidden: true } => null,
        { Status: 401 } => "the token is refused",
        { Status: null } => "DigitalOcean does not answer",
        _ => $"DigitalOcean answers {reply.Status}",
    };
}
