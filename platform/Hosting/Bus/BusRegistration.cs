using System.Security.Authentication;
using System.Text.Json.Serialization;
using DoSnapshot.Hosting.Configuration;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Hosting.Bus;

/// <summary>Where MassTransit is wired, for every service the same.</summary>
internal static class BusRegistration
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstAnswerWithin = TimeSpan.FromSeconds(10);

    public static void AddBus(this IServiceCollection services, PlatformOptions options, IReadOnlyList<Action<IBusRegistrationConfigurator>> consumers)
    {
        services.AddSingleton<GaugeObserver>();
        services.AddMetrics();
        services.AddSingleton<FailedMessages>();
        services.AddSingleton<BrokerHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<BrokerHealth>());
        if (options.BusUri is not null)
        {
            services.AddHostedService<BusWatch>();
        }

        services.AddHealthChecks().AddCheck<BrokerHealth>("broker", tags: ["ready"]);
        services.AddMassTransit(bus =>
        {
            // What the bus itself knows is said by BrokerHealth.
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Tags.Clear();
                health.Tags.Add("bus");
            });
            foreach (var add in consumers)
            {
                add(bus);
            }

            if (options.BusUri is null)
            {
                bus.UsingInMemory((context, cfg) =>
                {
                    cfg.ConfigureJsonSerializerOptions(Serialization);
                    var observer = context.GetRequiredService<GaugeObserver>();
                    cfg.ConnectPublishObserver(observer);
                    cfg.ConnectReceiveObserver(observer);
                    cfg.ConfigureEndpoints(context);
                });
                return;
            }

            bus.UsingRabbitMq((context, cfg) =>
            {
                Connect(cfg, new Uri(options.BusUri));
                cfg.ConfigureJsonSerializerOptions(Serialization);
                cfg.PrefetchCount = 16;
                // A queue of its own makes the bus notice that the broker is away even where nothing is consumed.
                cfg.AutoStart = true;
                // What is published by hand is plain JSON; what the relay publishes says that it is in MassTransit's envelope.
                cfg.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
                CommandQueues.DeclareForPublishing(cfg);
                cfg.ConfigureEndpoints(context);
            });
        });
        services.Configure<MassTransitHostOptions>(host =>
        {
            // A broker that is down is waited for; the service is not ready meanwhile. The bus within the process is there at once, and must be before
            // anything is published: it keeps nothing for consumers that are not there yet.
            host.WaitUntilStarted = options.BusUri is null;
            host.StopTimeout = TimeSpan.FromSeconds(8);
        });
    }

    /// <summary>
    /// Connects, with a sign of life every few seconds: after two without one, either side takes the connection for lost. The broker's own would be a
    /// minute, for which the messages that it sent into a dead connection would wait twice as long. An address that names a heartbeat stands.
    /// </summary>
    private static void Connect(IRabbitMqBusFactoryConfigurator bus, Uri address) => bus.Host(address, host =>
    {
        if (!address.Query.Contains("heartbeat=", StringComparison.OrdinalIgnoreCase))
        {
            host.Heartbeat(Heartbeat);
        }

        // MassTransit goes by the port alone: at another than 5671 it would speak in the open, the password first.
        if (address.Scheme is "amqps")
        {
            host.UseSsl(tls =>
            {
                tls.ServerName = address.Host;
                tls.Protocol = SslProtocols.None;
            });
        }

        host.OnRefreshConnectionFactory = factory =>
        {
            AnsweringSocket.Use(factory, FirstAnswerWithin);
            factory.BelievingNoOther();
            return Task.CompletedTask;
        };
    });

    private static System.Text.Json.JsonSerializerOptions Serialization(System.Text.Json.JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter());
        return json;
    }
}
