using DoSnapshot.Notifying.Channels;

namespace DoSnapshot.Notifying;

/// <summary>Whom to tell what, read and checked.</summary>
public sealed class NotificationOptions
{
    /// <summary>The webhook; null for none.</summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>The mail; null for none.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Where to report that all is well, to somebody who raises the alarm when no report comes; null for nowhere.</summary>
    public Uri? DeadMan { get; init; }

    /// <summary>How often to report that.</summary>
    public TimeSpan DeadManEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often to look.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a condition that lasts is told again.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>An event that is committed and was not published for this long is told.</summary>
    public TimeSpan RelayBehindAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A token that has less than this part of its hour's requests left is told; 0 for never.</summary>
    public double BudgetLow { get; init; } = 0.1;
}
