using System.Text.Json;
using System.Text.Json.Serialization;

namespace DoSnapshot.Sandbox;

/// <summary>What is to be done to a droplet: the body of its actions.</summary>
public sealed record SandboxDropletCommand
{
    /// <summary>The kind of action.</summary>
    public string? Type { get; init; }

    /// <summary>Name of the snapshot, or the droplet's new one.</summary>
    public string? Name { get; init; }

    /// <summary>Slug of the size to have.</summary>
    public string? Size { get; init; }

    /// <summary>Whether the disk takes the new size as well.</summary>
    public bool Disk { get; init; }

    /// <summary>Number or slug of the image to use.</summary>
    [JsonConverter(typeof(TextOrNumber))]
    public string? Image { get; init; }

    /// <summary>When backups are to be taken.</summary>
    public SandboxBackupPolicy? BackupPolicy { get; init; }

    /// <summary>A member that is a JSON string or a JSON number (documented for images).</summary>
    internal sealed class TextOrNumber : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetInt64(out var number) => $"{number}",
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>What a droplet becomes when an action on it is completed. What is not said stays as it is.</summary>
public sealed record SandboxDropletEdit
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Slug of its size.</summary>
    public string? Size { get; init; }

    /// <summary>GB of its disk.</summary>
    public int? Disk { get; init; }

    /// <summary>The image it was made of.</summary>
    public SandboxImage? Image { get; init; }

    /// <summary>Running or not; the droplet shows it only a while later (observed).</summary>
    public SandboxPower? Status { get; init; }

    /// <summary>When backups are taken.</summary>
    public SandboxBackupPolicy? Backups { get; init; }

    /// <summary>No backups any more.</summary>
    public bool StopsBackups { get; init; }

    /// <summary>It has an IPv6 address from now on.</summary>
    public bool AddsIpv6 { get; init; }

    /// <summary>The droplet as it becomes at once, without what shows later.</summary>
    internal SandboxDroplet Of(SandboxDroplet droplet) => droplet with
    {
        Name = Name ?? droplet.Name,
        Size = Size ?? droplet.Size,
        Disk = Disk ?? droplet.Disk,
        Image = Image ?? droplet.Image,
        Backups = StopsBackups ? null : Backups ?? droplet.Backups,
        Ipv6 = AddsIpv6 || droplet.Ipv6,
    };
}

/// <summary>When backups of a droplet are taken.</summary>
/// <param name="Plan"><c>daily</c> or <c>weekly</c>; daily if not said (documented).</param>
/// <param name="Weekday">The day of a weekly one, as <c>SUN</c>; Sunday if not said (chosen).</param>
/// <param name="Hour">UTC hour at which the window of four hours begins: 0, 4 and so on to 20; 0 if not said (chosen).</param>
public sealed record SandboxBackupPolicy(string? Plan = null, string? Weekday = null, int? Hour = null)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(4);
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    internal bool IsValid =>
        Plan is null or "daily" or "weekly"
            && (Weekday is null || Weekdays.Contains(Weekday, StringComparer.Ordinal))
            && Hour is null or 0 or 4 or 8 or 12 or 16 or 20;

    /// <summary>The next window that begins after this moment.</summary>
    internal (DateTimeOffset Start, DateTimeOffset End) NextWindow(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddHours(Hour ?? 0);
        var start = Enumerable.Range(0, 9).Select(day => today.AddDays(day)).First(start => start > now && IsOn(start.DayOfWeek));
        return (start, start + Window);
    }

    private bool IsOn(DayOfWeek day) =>
        !string.Equals(Plan, "weekly", StringComparison.Ordinal) || string.Equals(Weekdays[(int)day], Weekday ?? Weekdays[0], StringComparison.Ordinal);
}
