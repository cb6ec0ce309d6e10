using System.Text;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Notifying.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MimeKit;

namespace DoSnapshot.Notifying;

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>It begins in the open and is encrypted before anything is said: mostly port 587.</summary>
    StartTls = 0,

    /// <summary>It is encrypted from its beginning: mostly port 465.</summary>
    Tls = 1,

    /// <summary>It is not protected; no password is sent over it.</summary>
    None = 2,
}

/// <summary>In which form a webhook is called.</summary>
public enum WebhookFormat
{
    /// <summary>JSON, a member for each fact.</summary>
    Json = 0,

    /// <summary>As Slack's incoming webhooks take it, and what is compatible with them.</summary>
    Slack = 1,
}

/// <summary>Whom to tell what. Section <c>Notifications</c> of the configuration; without it nobody is told.</summary>
internal sealed class NotificationSettings
{
    public const string Section = "Notifications";

    public Uri? Webhook { get; set; }

    public string WebhookFile { get; set; } = "";

    public WebhookFormat WebhookFormat { get; set; }

    public string WebhookSecret { get; set; } = "";

    public string WebhookSecretFile { get; set; } = "";

    public string SmtpHost { get; set; } = "";

    public int SmtpPort { get; set; } = 587;

    public MailSecurity SmtpSecurity { get; set; }

    public string SmtpUser { get; set; } = "";

    public string SmtpPassword { get; set; } = "";

    public string SmtpPasswordFile { get; set; } = "";

    public string MailFrom { get; set; } = "";

    public string MailTo { get; set; } = "";

    public Uri? DeadMan { get; set; }

    public string DeadManFile { get; set; } = "";

    public TimeSpan DeadManEvery { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan RelayBehindAfter { get; set; } = TimeSpan.FromMinutes(5);

    public int BudgetLowPercent { get; set; } = 10;

    public bool AllowPlainHttp { get; set; }

    /// <summary>Reads the section.</summary>
    /// <exception cref="OptionsValidationException">Settings cannot be used; there is a message for each, which shows no secret.</exception>
    public static NotificationOptions Read(IConfiguration configuration)
    {
        var s = SettingsReader.Read<NotificationSettings>(
            configuration, Section, nameof(Webhook), nameof(WebhookSecret), nameof(SmtpPassword), nameof(DeadMan));
        var problems = new List<string>();
        var webhook = s.Address(nameof(Webhook), s.Webhook, s.WebhookFile, problems);
        var deadMan = s.Address(nameof(DeadMan), s.DeadMan, s.DeadManFile, problems);
        var secret = Secret(nameof(WebhookSecretFile), s.WebhookSecret, s.WebhookSecretFile, problems);
        if (webhook is null && secret.Length > 0)
        {
            problems.Add($"{Section}:{nameof(WebhookSecret)} is of no use without {Section}:{nameof(Webhook)}.");
        }

        Between(nameof(LookEvery), s.LookEvery, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), problems);
        Between(nameof(RepeatAfter), s.RepeatAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(31), problems);
        Between(nameof(RelayBehindAfter), s.RelayBehindAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        Between(nameof(DeadManEvery), s.DeadManEvery, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        if (s.BudgetLowPercent is < 0 or > 100)
        {
            problems.Add($"{Section}:{nameof(BudgetLowPercent)} '{s.BudgetLowPercent}' must be between 0 and 100.");
        }

        var mail = s.Mail(problems);
        return problems.Count > 0
            ? throw new OptionsValidationException(Section, typeof(NotificationOptions), problems)
            : new NotificationOptions
            {
                Webhook = webhook is null ? null : new WebhookOptions(webhook, s.WebhookFormat, secret.Length == 0 ? null : Encoding.UTF8.GetBytes(secret)),
                Mail = mail,
                DeadMan = deadMan,
                DeadManEvery = s.DeadManEvery,
                LookEvery = s.LookEvery,
                RepeatAfter = s.RepeatAfter,
                RelayBehindAfter = s.RelayBehindAfter,
                BudgetLow = s.BudgetLowPercent / 100.0,
            };
    }

    private static void Between(string name, TimeSpan value, TimeSpan least, TimeSpan most, List<string> problems)
    {
        if (value < least || value > most)
        {
            problems.Add($"{Section}:{name} '{value}' must be between {least} and {most}.");
        }
    }

    /// <summary>An address that is a secret: whoever has it may write to the channel. It is never quoted.</summary>
    private Uri? Address(string name, Uri? given, string file, List<string> problems)
    {
        if (given is null && file.Length > 0)
        {
            var text = Secret($"{name}File", "", file, problems);
            if (text.Length > 0 && !Uri.TryCreate(text, UriKind.Absolute, out given))
            {
                problems.Add($"{Section}:{name}File '{file}' does not hold an address such as https://hooks.example/…");
            }
        }

        if (given is null)
        {
            return null;
        }

        if (given.Scheme is not "https" && !(given.Scheme is "http" && (given.IsLoopback || AllowPlainHttp)))
        {
            problems.Add($"{Section}:{name} must begin with https://. For plain HTTP to another machine, set {Section}:{nameof(AllowPlainHttp)}.");
        }

        return given;
    }

    private MailOptions? Mail(List<string> problems)
    {
        var password = Secret(nameof(SmtpPasswordFile), SmtpPassword, SmtpPasswordFile, problems);
        if (SmtpHost.Length == 0)
        {
            foreach (var (name, value) in ((string, string)[])[(nameof(MailTo), MailTo), (nameof(MailFrom), MailFrom), (nameof(SmtpUser), SmtpUser)])
            {
                if (value.Length > 0)
                {
                    problems.Add($"{Section}:{name} '{value}' is of no use without {Section}:{nameof(SmtpHost)}.");
                }
            }

            return null;
        }

        if (SmtpPort is < 1 or > 65535)
        {
            problems.Add($"{Section}:{nameof(SmtpPort)} '{SmtpPort}' must be between 1 and 65535.");
        }

        if (SmtpUser.Length > 0 && SmtpSecurity is MailSecurity.None)
        {
            problems.Add($"{Section}:{nameof(SmtpUser)} '{SmtpUser}' cannot be used: with {nameof(SmtpSecurity)} none its password would cross the network in the open.");
        }

        if (SmtpUser.Length > 0 != password.Length > 0)
        {
            problems.Add($"{Section}:{nameof(SmtpUser)} and {Section}:{nameof(SmtpPasswordFile)} are wanted together.");
        }

        var from = Mailbox(nameof(MailFrom), MailFrom, problems);
        var recipients = MailTo.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var to = recipients.Select(a => Mailbox(nameof(MailTo), a, problems)).OfType<MailboxAddress>().ToList();
        if (recipients.Length == 0)
        {
            problems.Add($"{Section}:{nameof(MailTo)} is missing: to whom, several separated by commas.");
        }

        return from is null ? null : new MailOptions(SmtpHost, SmtpPort, SmtpSecurity, SmtpUser.Length == 0 ? null : SmtpUser, password, from, to);
    }

    private static MailboxAddress? Mailbox(string name, string text, List<string> problems)
    {
        if (MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal))
        {
            return mailbox;
        }

        problems.Add($"{Section}:{name} '{text}' cannot be used: an address such as ops@example.com is wanted.");
        return null;
    }

    private static string Secret(string name, string given, string file, List<string> problems)
    {
        if (given.Length > 0 || file.Length == 0)
        {
            return given;
        }

        try
        {
            if (File.ReadAllText(file).Trim() is { Length: > 0 } text)
            {
                return text;
            }

            problems.Add($"{Section}:{name} '{file}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{Section}:{name} '{file}' cannot be read: {e.Message}");
        }

        return "";
    }
}
