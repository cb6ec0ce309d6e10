using System.Text.Json;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Cli.Retention;

/// <summary><c>lint</c>: says what a policy will do, and what is wrong with it.</summary>
internal static class LintCommand
{
    /// <summary>Examines a policy.</summary>
    /// <param name="options">The policy.</param>
    /// <param name="output">Takes the findings.</param>
    /// <param name="errors">Takes what is wrong with the options.</param>
    /// <returns>The exit code: 0 when every rule does what it says, if only roughly; 1 when one does not; 2 wrong usage.</returns>
    public static int Run(LintOptions options, TextWriter output, TextWriter errors)
    {
        try
        {
            var every = OptionText.EveryOrAlways(options.Every);
            var policy = OptionText.Policy(options.Keep);
            var findings = PolicyLint.Examine(every, policy);
            if (options.Json)
            {
                WriteJson(every, policy, findings, output);
            }
            else
            {
                WriteText(every, policy, findings, output);
            }

            return findings.Any(found => found.Severity is Severity.Error) ? ExitCodes.Failed : ExitCodes.Done;
        }
        catch (UsageException e)
        {
            return ExitCodes.Refuse(e, errors);
        }
    }

    private static void WriteText(Period every, RetentionPolicy policy, IReadOnlyList<Finding> findings, TextWriter output)
    {
        output.WriteLine(policy.Describe(every));
        foreach (var found in findings)
        {
            output.WriteLine($"{Word(found.Severity),-8} {found}");
        }
    }

    private static void WriteJson(Period every, RetentionPolicy policy, IReadOnlyList<Finding> findings, TextWriter output) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteString("policy", policy.Describe(every));
            json.WriteObjects("findings", findings, found =>
            {
                json.WriteString("severity", Word(found.Severity));
                json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(found.GetType().Name));
                json.WriteStartArray("rules");
                foreach (var rule in found.Rules)
                {
                    json.WriteStringValue(rule.ToString());
                }

                json.WriteEndArray();
                WriteNumbers(json, found);
                json.WriteString("sentence", found.Describe());
            });
        });

    private static void WriteNumbers(Utf8JsonWriter json, Finding found)
    {
        switch (found)
        {
            case Finding.Spacing spacing:
                json.WriteNumber("askedHours", Hours(spacing.Rule.Interval.Duration));
                json.WriteNumber("reachingHours", Hours(spacing.Reaching));
                json.WriteNumber("givenHours", Hours(spacing.Given));
                break;
            case Finding.KeepsNothing gap:
                json.WriteNumber("gapHours", Hours(gap.Gap));
                json.WriteNumber("cycleHours", Hours(gap.Cycle));
                break;
            case Finding.NoEnd { AfterOneYear: { } count, OneMoreEvery: { } spacing }:
                json.WriteNumber("afterOneYear", count);
                json.WriteNumber("oneMoreEveryHours", Hours(spacing));
                break;
        }
    }

    private static long Hours(TimeSpan length) => (long)length.TotalHours;

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "ok",
    };
}
