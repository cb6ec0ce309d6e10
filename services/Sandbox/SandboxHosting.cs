using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Sandbox;

/// <summary>Serves a sandbox over HTTP.</summary>
public static class SandboxHosting
{
    /// <summary>Adds an account as the configuration section <c>Sandbox</c> describes it, or the one given.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="account">The account, which is kept in no file; made from the configuration and the registered clock if not said.</param>
    public static IServiceCollection AddSandbox(this IServiceCollection services, SandboxAccount? account = null)
    {
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptions.Validator>();
        services.AddOptions<SandboxOptions>()
            .BindConfiguration(SandboxOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            account is null && OptionsOf(provider).DataFile is { Length: > 0 } path ? SandboxStore.Open(path) : SandboxStore.None());
        services.AddSingleton(provider => account ?? Create(provider));
        services.AddSingleton<SandboxApi>();
        services.AddSingleton<SandboxKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<SandboxKeeper>());
        services.AddHealthChecks();
        return services;
    }

    /// <summary>Why the configuration cannot be used, or a file that it names: one line each; empty when all is well.</summary>
    public static IReadOnlyList<string> ProblemsOf(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<SandboxAccount>();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (SandboxFileException e)
        {
            return [e.Message];
        }
        catch (InvalidOperationException thrown)
        {
            // Of what is in a list the binder says no more than that something is wrong, and what it is within.
            var e = thrown;
            while (e.InnerException is InvalidOperationException within)
                e = within;
            // The binder's words for a value of the wrong kind name setting and value; for a name that is none they speak of its own options.
            const string Unknown = "ErrorOnUnknownConfiguration";
            return e.Message.Contains(Unknown, StringComparison.Ordinal)
                ? [$"{SandboxOptions.Section}: there is no setting {e.Message[(e.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}."]
                : [e.Message];
        }
    }

    /// <summary>Maps the whole of the API, the control routes under <c>/sandbox</c>, and the health routes.</summary>
    public static IEndpointRouteBuilder MapSandbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live");
        endpoints.MapHealthChecks("/health/ready");
        var keeper = endpoints.ServiceProvider.GetRequiredService<SandboxKeeper>();
        var account = endpoints.ServiceProvider.GetRequiredService<SandboxAccount>();
        var line = new SandboxLine(account, keeper.AnswerAsync);
        endpoints.Map("/{**path}", context => AnswerAsync(context, line));
        return endpoints;
    }

    private static SandboxOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<SandboxOptions>>().Value;

    private static SandboxAccount Create(IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        var clock = provider.GetRequiredService<TimeProvider>();
        var store = provider.GetRequiredService<SandboxStore>();
        var account = store.Read() is { } record ? new SandboxAccount(clock, options.ToSettings(), record) : Planted(clock, options);
        options.Faults.ApplyTo(account.Faults);
        store.KeepFirst(account);
        return account;
    }

    private static SandboxAccount Planted(TimeProvider clock, SandboxOptions options)
    {
        var seed = options.ToSeed(clock.GetUtcNow());
        try
        {
            return new SandboxAccount(clock, options.ToSettings(), seed);
        }
        catch (InvalidOperationException e) when (options.SeedFile is not null)
        {
            throw new SandboxFileException(options.SeedFile, e.Message, e);
        }
    }

    private static async Task AnswerAsync(HttpContext context, SandboxLine line)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var address = new Uri(context.Request.GetEncodedUrl());
        var request = new SandboxRequest(context.Request.Method.ToUpperInvariant(), address, headers, body.ToArray());
        var answer = await line.SendAsync(request, context.RequestAborted);
        if (answer.Cut == SandboxCut.Whole)
        {
            context.Abort();
            return;
        }

        if (answer.Cut == SandboxCut.InBody)
        {
            await SandboxBrokenAnswer.SendAsync(context, answer);
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.SendsContentType || !answer.Body.IsEmpty)
            context.Response.ContentType = answer.ContentType;
        if (answer.Body.IsEmpty)
            return;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
