namespace DoSnapshot.Dashboard;

/// <summary>Where the dashboard gets what it shows. Section <c>Dashboard</c> of the configuration.</summary>
public sealed class DashboardOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Dashboard";

    /// <summary>The HTTP API's address.</summary>
    public Uri ApiUrl { get; set; } = new("http://localhost:8080");

    /// <summary>Whether tokens may go over plain HTTP to an API on another machine, where the network is one's own.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>
    /// A directory for the keys that encrypt the cookies: whoever is signed in stays so over a restart, and on every replica that has the same directory. Without
    /// it the keys live as long as the process.
    /// </summary>
    public string? KeysDirectory { get; set; }

    /// <summary>Dollars for a gigabyte and month; 0.06 unless it is set.</summary>
    public string? Price { get; set; }
}
