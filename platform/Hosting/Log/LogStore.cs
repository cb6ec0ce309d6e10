using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Notices;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Core;

namespace DoSnapshot.Hosting.Log;

/// <summary>How the log is laid out in PostgreSQL.</summary>
public static class LogStore
{
    /// <summary>The schema that holds everything of the log.</summary>
    public const string Schema = "do_snapshot";

    /// <summary>
    /// Where Marten notes the places in the log that an append had been given and did not fill, because it failed. Nothing in it is an event of ours.
    /// </summary>
    internal const string FillerStream = "mt_tombstone";

    /// <summary>A snapshot's id in its document, as the index on it has it.</summary>
    internal const string SnapshotIdOfDocument = "CAST(d.data ->> 'snapshotId' as uuid)";

    /// <summary>How events and documents are written and read.</summary>
    internal static readonly Marten.Services.SystemTextJsonSerializer Json = new() { EnumStorage = EnumStorage.AsString, Casing = Casing.CamelCase };

    /// <summary>Describes the store to Marten.</summary>
    /// <param name="options">Marten's options.</param>
    /// <param name="connectionString">Where PostgreSQL is.</param>
    /// <param name="clock">Stamps the events; the events' own times are in their bodies.</param>
    public static void Configure(StoreOptions options, string connectionString, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Connection(LogConnection.ForLog(connectionString));
        options.DatabaseSchemaName = Schema;
        // Tables are made by LogSchema alone: Marten would also alter those of a later release, on the way.
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Serializer(Json);

        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.TimeProvider = clock;
        // Wakes the relay by LISTEN/NOTIFY: a lone event reaches its consumer in some 10 ms instead of at the next poll.
        options.Events.UseListenNotifyForEventAppends = true;
        foreach (var (type, alias) in EventTypes.Aliases)
        {
            options.Events.MapEventType(type, alias);
        }

        options.Projections.Add(new SnapshotProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new DropletProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new PlanProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new AccountProjection(), ProjectionLifecycle.Inline);
        // The planner's leader runs the relay (RelayDaemon), not Marten's own host.
        options.Projections.AsyncMode = DaemonMode.ExternallyManaged;
        // The relay must not skip what it cannot read: an event that is left out is a command that nobody gets.
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
        // A place in the log that was given out and never filled is waited for while any transaction of the database is as old, a backup's too.
        // None of ours lives this long (LogConnection), so by then it never will be; and what a relay misses, the sweep makes up for.
        options.Projections.SkipStaleGapsDespiteLiveTransactionsAfter = TimeSpan.FromMinutes(10);

        // Each duplicated member is an indexed column of its own.
        options.Schema.For<Snapshot>()
            .DocumentAlias("snapshot")
            .Duplicate(s => s.DropletId)
            .Duplicate(s => s.Live)
            .Duplicate(s => s.Working)
            .Duplicate(s => s.Scheduled)
            .Duplicate(s => s.RequestedAt)
            .Duplicate(s => s.ChangedAt)
            .Index([s => s.DropletId, s => s.Scheduled, s => s.RequestedAt])
            // Those that are lost, which may turn up again.
            .Index(s => s.Phase)
            // By what a person names one.
            .Index(s => s.Name)
            .Index(s => s.ImageId!)
            .Index(s => s.SnapshotId);
        options.Storage.ExtendedSchemaObjects.Add(BudgetTables.Blocks());
        options.Storage.ExtendedSchemaObjects.Add(BudgetTables.Tokens());
        options.Storage.ExtendedSchemaObjects.Add(KeptAnswers.Table());
        options.Storage.ExtendedSchemaObjects.Add(NoticeBook.Table());
        options.Storage.ExtendedSchemaObjects.Add(LogSchema.LevelsTable());
        options.Schema.For<DropletFacts>().DocumentAlias("droplet").Index(d => d.Name);
        options.Schema.For<PlanFacts>().DocumentAlias("plan");
        options.Schema.For<AccountFacts>().DocumentAlias("account");
    }
}
