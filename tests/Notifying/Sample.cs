namespace DoSnapshot.Notifying.Tests;

/// <summary>Conditions to tell of.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Condition Condition(string key, Severity severity = Severity.Warning, string text = "text", long? droplet = null) =>
        new(key, "lost", severity, At.AddHours(-1), text, droplet);

    public static Notice On(string key = "a", string text = "text", long? droplet = null) => new(NoticeState.On, Condition(key, text: text, droplet: droplet));
}
