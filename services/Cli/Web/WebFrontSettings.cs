namespace DoSnapshot.Cli.Web;

/// <summary>What API and dashboard within this process are to be like.</summary>
/// <param name="LogConnectionString">Where the log is.</param>
/// <param name="Api">Where the API is to be.</param>
/// <param name="Dashboard">Where the dashboard is to be.</param>
internal sealed record WebFrontSettings(string LogConnectionString, WebAddress Api, WebAddress Dashboard)
{
    /// <summary>Their settings, as <c>--Section:Name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Their clock; this machine's for null.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Completes the API's services; null where nothing is to be done.</summary>
    public Action<IServiceCollection>? CompleteApi { get; init; }
}

/// <summary>Where one of them is to be.</summary>
/// <param name="Url">The address.</param>
/// <param name="Option">The option that asked for it; null for the usual one, for which another will do where somebody has it.</param>
internal sealed record WebAddress(string Url, string? Option)
{
    /// <summary>A port of this machine that nobody has.</summary>
    public const string Free = "http://127.0.0.1:0";

    /// <summary>Where the dashboard is unless it is said.</summary>
    public static readonly WebAddress Dashboard = new("http://localhost:8080", null);

    /// <summary>Where the API is unless it is said.</summary>
    public static readonly WebAddress Api = new("http://localhost:8081", null);
}
