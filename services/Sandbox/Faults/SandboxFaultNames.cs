using System.Text.Json;

namespace DoSnapshot.Sandbox;

/// <summary>The kinds of fault as people write them.</summary>
internal static class SandboxFaultNames
{
    private static readonly Dictionary<string, SandboxFaultKind> Kinds =
        Enum.GetValues<SandboxFaultKind>().ToDictionary(Of, StringComparer.OrdinalIgnoreCase);

    public static string All => string.Join(", ", Kinds.Keys);

    public static string Of(SandboxFaultKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    public static bool TryRead(string? name, out SandboxFaultKind kind)
    {
        kind = default;
        return name is not null && Kinds.TryGetValue(name, out kind);
    }
}
