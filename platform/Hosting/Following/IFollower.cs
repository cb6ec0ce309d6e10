namespace DoSnapshot.Hosting;

/// <summary>Looks, round by round, how what is at work at DigitalOcean goes on. One process of a role follows for all its replicas.</summary>
public interface IFollower
{
    /// <summary>The role that is led.</summary>
    string Role { get; }

    /// <summary>One round.</summary>
    Task RoundAsync(CancellationToken ct);
}
