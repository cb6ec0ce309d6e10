using Microsoft.Extensions.Configuration;

namespace DoSnapshot.Hosting;

/// <summary>What runs as a process of its own.</summary>
/// <param name="Port">Where health is served unless the configuration says otherwise; another one for each kind of process.</param>
/// <param name="Add">Adds what runs in it.</param>
public sealed record PlatformProcess(int Port, Action<PlatformBuilder> Add)
{
    /// <inheritdoc cref="PlatformBuilder.KeepsBusInProcess"/>
    public bool KeepsBusInProcess { get; init; }

    /// <summary>Completes the configuration before anything is read from it, and gives what is wrong with what it was completed by.</summary>
    public Func<IConfigurationManager, IReadOnlyList<string>> Complete { get; init; } = _ => [];

    /// <summary>What must be there before anything starts. Cancelled when the process is told to stop.</summary>
    public Func<IServiceProvider, CancellationToken, Task> Prepare { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>How long it takes at most to end when it is told to; asked for once the configuration is complete.</summary>
    public Func<TimeSpan> LongestEnd { get; init; } = () => TimelyEnd.Usual;

    /// <summary>Says a mistake in the words of whoever made it: the messages name settings, and this process may have other names for some.</summary>
    public Func<string, string> InItsWords { get; init; } = mistake => mistake;
}
