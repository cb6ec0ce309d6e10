using DoSnapshot.Cli;

namespace DoSnapshot.Api.Tests;

/// <summary>The command, run in this process: its arguments, its environment, its outputs.</summary>
internal static class ByApi
{
    /// <summary>Runs it.</summary>
    /// <param name="environment">Its variables.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Ran> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await Subcommands.RunAsync(
            arguments,
            new Surroundings { Output = output, Error = errors, Clock = new HurriedTime(), Variable = name => environment.GetValueOrDefault(name) });
        return new Ran(code, output.ToString(), errors.ToString());
    }

    /// <summary>Runs it against an API with a token.</summary>
    public static Task<Ran> RunAsync(Service service, string[] arguments, string? token = Service.OperatorToken) =>
        RunAsync(Environment(service.Client.BaseAddress!.ToString(), token), arguments);

    /// <summary>The environment of a command that is to ask an API.</summary>
    public static Dictionary<string, string> Environment(string address, string? token)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["DO_SNAPSHOT_API"] = address };
        if (token is not null)
        {
            variables["DO_SNAPSHOT_API_TOKEN"] = token;
        }

        return variables;
    }

    /// <summary>A clock by which the short waits between two attempts or looks are over at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(30) ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}

/// <summary>How the command ended.</summary>
internal sealed record Ran(int Code, string Output, string Errors);
