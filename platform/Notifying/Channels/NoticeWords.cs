using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DoSnapshot.Notifying.Channels;

/// <summary>Notices as text and as JSON.</summary>
public static class NoticeWords
{
    /// <summary>So many are told one by one; of more, how many there are.</summary>
    public const int Most = 25;

    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All in one line.</summary>
    public static string Headline(IReadOnlyList<Notice> notices)
    {
        ArgumentNullException.ThrowIfNull(notices);
        var on = notices.Count(n => n.State is NoticeState.On);
        var still = notices.Count(n => n.State is NoticeState.StillOn);
        var over = notices.Count(n => n.State is NoticeState.Over);
        if (notices.Count == 1)
        {
            var only = notices[0];
            return $"do-snapshot: {State(only.State)}, {only.Condition.Kind}{(only.Condition.DropletId is { } droplet ? string.Create(CultureInfo.InvariantCulture, $", droplet {droplet}") : "")}";
        }

        return $"do-snapshot: {string.Join(", ", ((string?[])[on > 0 ? $"{on} new" : null, still > 0 ? $"{still} still on" : null, over > 0 ? $"{over} over" : null]).OfType<string>())}";
    }

    /// <summary>For people.</summary>
    public static string Text(IReadOnlyList<Notice> notices)
    {
        ArgumentNullException.ThrowIfNull(notices);
        var text = new StringBuilder();
        foreach (var notice in notices.Take(Most))
        {
            text.Append(Line(notice)).Append('\n');
        }

        return notices.Count > Most
            ? text.Append(CultureInfo.InvariantCulture, $"and {notices.Count - Most} more: do-snapshot status shows them\n").ToString()
            : text.ToString();
    }

    /// <summary>As Slack's incoming webhooks take it.</summary>
    public static byte[] Slack(IReadOnlyList<Notice> notices) => Written(json => json.WriteString("text", Escaped($"*{Headline(notices)}*\n{Text(notices).TrimEnd()}")));

    /// <summary>For programs.</summary>
    public static byte[] Json(IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(notices);
        return Written(json =>
        {
            json.WriteString("source", "do-snapshot");
            json.WriteString("at", Stamp(now));
            json.WriteString("headline", Headline(notices));
            json.WriteStartArray("notices");
            foreach (var notice in notices.Take(Most))
            {
                var (state, condition, _) = notice;
                json.WriteStartObject();
                json.WriteString("id", IdOf([notice]));
                json.WriteString("state", JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString()));
                json.WriteString("kind", condition.Kind);
                json.WriteString("severity", JsonNamingPolicy.KebabCaseLower.ConvertName(condition.Severity.ToString()));
                json.WriteString("key", condition.Key);
                json.WriteString("since", Stamp(condition.Since));
                json.WriteString("text", condition.Text);
                if (condition.DropletId is { } droplet)
                {
                    json.WriteNumber("dropletId", droplet);
                }

                if (condition.SnapshotId is { } snapshot)
                {
                    json.WriteString("snapshotId", snapshot);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("more", Math.Max(0, notices.Count - Most));
        });
    }

    /// <summary>The same for the same notices, however often they are told.</summary>
    public static string IdOf(IReadOnlyList<Notice> notices)
    {
        ArgumentNullException.ThrowIfNull(notices);
        var told = string.Join('\n', notices.Select(n => $"{n.State} {n.Condition.Key} {Stamp(n.Condition.Since)} {(n.ToldBefore is { } before ? Stamp(before) : "")}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)))[..32];
    }

    private static string Line(Notice notice)
    {
        var (state, c, _) = notice;
        return state is NoticeState.Over ? $"over: {c.Text} (since {Stamp(c.Since)})" : $"{State(state)}, {c.Kind}: {c.Text} (since {Stamp(c.Since)})";
    }

    private static string State(NoticeState state) => state switch
    {
        NoticeState.Over => "over",
        NoticeState.StillOn => "still on",
        _ => "alarm",
    };

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>The three that mean something to Slack: a droplet's name is no mention of everybody.</summary>
    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Stamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
