namespace DoSnapshot.Cli.Doctor;

/// <summary>How something stands.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>It works, and there is something to know about it.</summary>
    Remark,

    /// <summary>It does not work, or will not when it is needed.</summary>
    Wrong,

    /// <summary>It was not looked at.</summary>
    NotChecked,
}

/// <summary>What one check found.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Detail">What was found; why not, of what was not checked.</param>
/// <param name="WhatToDo">What to do about it; null where there is nothing to do.</param>
internal sealed record CheckResult(CheckState State, string Detail, string? WhatToDo = null)
{
    /// <summary>As it should be.</summary>
    public static CheckResult Fine(string detail) => new(CheckState.Fine, detail);

    /// <summary>It works, and there is something to know about it.</summary>
    public static CheckResult Remark(string detail, string? whatToDo = null) => new(CheckState.Remark, detail, whatToDo);

    /// <summary>It does not work.</summary>
    public static CheckResult Wrong(string detail, string whatToDo) => new(CheckState.Wrong, detail, whatToDo);

    /// <summary>It was not looked at.</summary>
    public static CheckResult NotChecked(string why) => new(CheckState.NotChecked, why);
}

/// <summary>What one check found, with its name.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Result">What it found.</param>
internal sealed record Examined(string Check, CheckResult Result);

/// <summary>Something that an installation needs, to be looked at.</summary>
internal interface ICheck
{
    /// <summary>A word for it.</summary>
    string Name { get; }

    /// <summary>Looks, and changes nothing.</summary>
    /// <param name="installation">What is looked at.</param>
    /// <param name="ct">Ends the look when it has taken too long.</param>
    Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct);
}
