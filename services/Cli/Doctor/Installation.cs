using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Cli.Doctor;

/// <summary>What is examined: the settings, and what the API and the database answered to the first look.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private Installation(DoctorSettings settings, TimeProvider clock, ApiAccess api, DatabaseAccess database)
    {
        Settings = settings;
        Clock = clock;
        Api = api;
        Database = database;
        Plans = settings.Plans.IsGiven ? settings.Plans.Value : database.Fleet is { } fleet ? DoctorPlans.OfLog(fleet) : null;
    }

    /// <summary>What options and variables say.</summary>
    public DoctorSettings Settings { get; }

    /// <summary>This machine's time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The API.</summary>
    public ApiAccess Api { get; }

    /// <summary>The log's database.</summary>
    public DatabaseAccess Database { get; }

    /// <summary>The plans that are stated, or else those that the log has; null where there are none, or they cannot be used.</summary>
    public ConfiguredPlans? Plans { get; }

    /// <summary>Takes the first look at both.</summary>
    public static async Task<Installation> LookAsync(DoctorSettings settings, HttpClient http, TimeProvider clock, CancellationToken ct)
    {
        var api = ApiAccess.LookAsync(settings, http, clock, ct);
        var database = DatabaseAccess.LookAsync(settings.Log.Value, clock, ct);
        await Task.WhenAll(api, database);
        return new Installation(settings, clock, await api, await database);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
