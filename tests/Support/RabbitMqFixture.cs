using Xunit;

namespace DoSnapshot.Tests.Support;

/// <summary>
/// One RabbitMQ server for all tests of an assembly, started when the first test asks for it:
/// <c>[assembly: AssemblyFixture(typeof(RabbitMqFixture))]</c>, then a constructor parameter of the test class.
/// </summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestRabbitMq>> _server = new(() => TestRabbitMq.StartAsync());

    /// <summary>The server, which all tests of the assembly share.</summary>
    public Task<TestRabbitMq> ServerAsync() => _server.Value;

    /// <summary>Makes an empty virtual host for one test, and gives its address.</summary>
    public async Task<Uri> CreateVirtualHostAsync(CancellationToken cancellationToken = default) =>
        await (await ServerAsync()).CreateVirtualHostAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
