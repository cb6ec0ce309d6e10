using System.Globalization;
using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether there is a token, and whether it looks like one. Whether it is accepted is the API's to say.</summary>
internal sealed class TokenCheck : ICheck
{
    /// <summary>Where Docker puts what is not for everybody: readable by all in the container, which is alone there.</summary>
    private const string DockerSecrets = "/run/secrets/";

    private const string HowToGiveOne = "Put it into a file and name that by --token or DigitalOcean__TokenFile, or set DO_TOKEN";

    /// <inheritdoc/>
    public string Name => "token";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) => Task.FromResult(Run(installation.Settings));

    private static IReadOnlyList<CheckResult> Run(DoctorSettings settings)
    {
        if (settings.Token is { Problems: [var problem, ..] })
        {
            return [CheckResult.Wrong(problem, HowToGiveOne)];
        }

        if (settings.Token.Value is not { } token)
        {
            return
            [
                settings.HasServices
                    ? CheckResult.Wrong("there is none, and no service starts without one", HowToGiveOne)
                    : CheckResult.NotChecked($"there is none ({CommandOptions.Token.Display}, {ApiToken.Variable})"),
            ];
        }

        var warnings = token.Warnings.Where(w => !w.Contains(DockerSecrets, StringComparison.Ordinal)).ToList();
        return warnings.Count == 0
            ? [CheckResult.Fine(string.Create(CultureInfo.InvariantCulture, $"set by {settings.Token.Source}, of the usual form ({token.Value.Length} characters)"))]
            : [.. warnings.Select(w => CheckResult.Remark(w, WhatToDo(w)))];
    }

    private static string WhatToDo(string warning) => warning.Contains("readable", StringComparison.Ordinal)
        ? "Take that right from them with chmod 600"
        : "If DigitalOcean refuses it, make a new one at https://cloud.digitalocean.com/account/api/tokens";
}
