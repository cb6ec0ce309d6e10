using System.Globalization;

namespace DoSnapshot.Cli.Doctor;

/// <summary>What was found, as text or as JSON.</summary>
internal static class DoctorOutput
{
    /// <summary>Writes it.</summary>
    /// <returns>The exit code: 1 when something is wrong.</returns>
    public static int Write(IReadOnlyList<Examined> examined, bool json, TextWriter output)
    {
        if (json)
        {
            WriteJson(examined, output);
        }
        else
        {
            WriteText(examined, output);
        }

        return Count(examined, CheckState.Wrong) == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteText(IReadOnlyList<Examined> examined, TextWriter output)
    {
        foreach (var (check, result) in examined)
        {
            var why = result.State is CheckState.NotChecked ? "not checked: " : "";
            var text = result.WhatToDo is { } todo ? $"{result.Detail.TrimEnd('.')}. {todo}" : result.Detail;
            output.WriteLine($"{Word(result.State),-8} {check,-8}  {why}{text}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(examined, CheckState.Wrong)} wrong, {Count(examined, CheckState.Remark)} to know, {Count(examined, CheckState.NotChecked)} not checked, {Count(examined, CheckState.Fine)} as they should be; nothing was changed"));
    }

    private static void WriteJson(IReadOnlyList<Examined> examined, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteNumber("wrong", Count(examined, CheckState.Wrong));
        json.WriteObjects("checks", examined, found =>
        {
            json.WriteString("name", found.Check);
            json.WriteString("state", found.Result.State is CheckState.NotChecked ? "notChecked" : Word(found.Result.State));
            json.WriteString("detail", found.Result.Detail);
            if (found.Result.WhatToDo is { } todo)
            {
                json.WriteString("whatToDo", todo);
            }
        });
    });

    private static int Count(IReadOnlyList<Examined> examined, CheckState state) => examined.Count(e => e.Result.State == state);

    private static string Word(CheckState state) => state switch
    {
        CheckState.Fine => "ok",
        CheckState.Remark => "remark",
        CheckState.Wrong => "wrong",
        _ => "-",
    };
}
