using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Notifying.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DoSnapshot.Notifying;

/// <summary>Adds notifying to a process.</summary>
public static class NotifyingServices
{
    /// <summary>Adds it, with the channels that the section <c>Notifications</c> has.</summary>
    public static PlatformBuilder AddNotifying(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var options = platform.Configure(() => NotificationSettings.Read(platform.Application.Configuration));
        if (options?.Webhook is { } webhook)
        {
            platform.Services.AddSingleton<INoticeChannel>(_ => new WebhookChannel(webhook));
        }

        if (options?.Mail is { } mail)
        {
            platform.Services.AddSingleton<INoticeChannel>(_ => new MailChannel(mail));
        }

        platform.Services.TryAddSingleton(services => new LogDatabase(LogConnection.ForLog(services.GetRequiredService<PlatformOptions>().LogConnectionString)));
        platform.Services.AddSingleton<INoticeBook, NoticeBook>();
        platform.Services.AddSingleton<Notifier>();
        platform.Services.AddSingleton<DeadManPing>();
        return platform;
    }
}
