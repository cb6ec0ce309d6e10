using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>The outcome for one point, before it is put into words; indices are those of the points in their order.</summary>
/// <param name="Keep">Whether the point stays.</param>
/// <param name="Rule">The index of its rule in <see cref="RetentionPolicy.Rules"/>; their number when none reaches it.</param>
/// <param name="LastKept">The index of the point kept last in the group before it; <see cref="None"/> when there is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Ruling(bool Keep, int Rule, int LastKept)
{
    /// <summary>No point.</summary>
    public const int None = -1;
}
