using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Notifying.Tests;

/// <summary>Settings, and what is said of those that cannot be used.</summary>
public sealed class NotificationSettingsTests
{
    [Fact]
    public void Without_settings_nobody_is_told()
    {
        var options = Read();
        Assert.Equal((null, null, null), (options.Webhook, options.Mail, options.DeadMan));
    }

    [Fact]
    public void All_of_it_is_read()
    {
        using var secrets = new Files(("hook", "https://hooks.example/T0/secret\n"), ("sign", "s3cret\n"), ("password", "pa ss\n"));
        var options = Read(
            "WebhookFile", secrets.Of("hook"), "WebhookFormat", "slack", "WebhookSecretFile", secrets.Of("sign"), "SmtpHost", "mail.example", "SmtpUser", "me", "SmtpPasswordFile",
            secrets.Of("password"), "MailFrom", "Snapshots <s@example.com>", "MailTo", "a@example.com, b@example.com", "DeadMan", "http://127.0.0.1/ping", "RepeatAfter", "12h", "BudgetLowPercent", "20");
        Assert.Equal(("https://hooks.example/T0/secret", WebhookFormat.Slack, 6), (options.Webhook!.Address.ToString(), options.Webhook.Format, options.Webhook.Secret!.Count));
        Assert.Equal(("me", "pa ss", 587, MailSecurity.StartTls, 2), (options.Mail!.User, options.Mail.Password, options.Mail.Port, options.Mail.Security, options.Mail.To.Count));
        Assert.Equal((TimeSpan.FromHours(12), 0.2), (options.RepeatAfter, options.BudgetLow));
        Assert.DoesNotContain("pa ss", options.Mail.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no setting", "Notifications:Webhok is no setting", "Webhok", "x")]
    [InlineData("no address", "Notifications:Webhook cannot be used: an address", "Webhook", "secret")]
    [InlineData("in the open", "Notifications:Webhook must begin with https://", "Webhook", "http://hooks.example/secret")]
    [InlineData("dead man in the open", "Notifications:DeadMan must begin with https://", "DeadMan", "http://hc.example/secret")]
    [InlineData("no file", "Notifications:WebhookFile '/nowhere/secret-file' cannot be read", "WebhookFile", "/nowhere/secret-file")]
    [InlineData("a secret for nothing", "Notifications:WebhookSecret is of no use", "WebhookSecret", "secret")]
    [InlineData("mail to, and no host", "Notifications:MailTo 'a@example.com' is of no use without Notifications:SmtpHost", "MailTo", "a@example.com")]
    [InlineData("no recipient", "Notifications:MailTo is missing", "SmtpHost", "mail.example", "MailFrom", "a@example.com")]
    [InlineData("no sender", "Notifications:MailFrom '' cannot be used", "SmtpHost", "mail.example", "MailTo", "a@example.com")]
    [InlineData("a bad recipient", "Notifications:MailTo 'ops' cannot be used", "SmtpHost", "mail.example", "MailFrom", "a@example.com", "MailTo", "ops")]
    [InlineData("a user in the open", "Notifications:SmtpUser 'me' cannot be used", "SmtpHost", "h", "MailFrom", "a@example.com", "MailTo", "a@example.com", "SmtpUser", "me", "SmtpPassword", "secret", "SmtpSecurity", "none")]
    [InlineData("a user without password", "Notifications:SmtpUser and Notifications:SmtpPasswordFile are wanted together", "SmtpHost", "h", "MailFrom", "a@example.com", "MailTo", "a@example.com", "SmtpUser", "me")]
    [InlineData("a port", "Notifications:SmtpPort '70000' must be between", "SmtpHost", "h", "MailFrom", "a@example.com", "MailTo", "a@example.com", "SmtpPort", "70000")]
    [InlineData("a pace", "Notifications:LookEvery '00:00:00' must be between", "LookEvery", "0s")]
    [InlineData("a part", "Notifications:BudgetLowPercent '101' must be between 0 and 100", "BudgetLowPercent", "101")]
    public void What_cannot_be_used_is_named_and_shows_no_secret(string name, string expected, params string[] settings)
    {
        ArgumentNullException.ThrowIfNull(name);
        var e = Assert.Throws<OptionsValidationException>(() => Read(settings));
        var failure = Assert.Single(e.Failures);
        Assert.StartsWith(expected, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Replace("secret-file", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static NotificationOptions Read(params string[] settings) => NotificationSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Chunk(2).Select(s => KeyValuePair.Create($"Notifications:{s[0]}", (string?)s[1])))
        .Build());

    private sealed class Files : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("do-snapshot-test-");

        public Files(params (string Name, string Text)[] files)
        {
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Of(name), text);
            }
        }

        public string Of(string name) => Path.Combine(_directory.FullName, name);

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
