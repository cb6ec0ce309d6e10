using DoSnapshot.Hosting.Log;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;
using static Weasel.Postgresql.SchemaUtils;

namespace DoSnapshot.Hosting.Budget;

/// <summary>Where the budget's books are: beside the log, and brought up to date with it.</summary>
internal static class BudgetTables
{
    /// <summary>One row for each block of requests that a process has taken; gone an hour later.</summary>
    public static Table Blocks()
    {
        var table = new Table(new PostgresqlObjectName(LogStore.Schema, "request_block", IdentifierUsage.General));
        table.AddColumn<Guid>("id").AsPrimaryKey();
        table.AddColumn<string>("token").NotNull();
        table.AddColumn<int>("purpose").NotNull();
        table.AddColumn<int>("requests").NotNull();
        table.AddColumn("taken_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("ix_request_block_token_taken_at") { Columns = ["token", "taken_at"] });
        return table;
    }

    /// <summary>One row for each token: what DigitalOcean told of it.</summary>
    public static Table Tokens()
    {
        var table = new Table(new PostgresqlObjectName(LogStore.Schema, "request_token", IdentifierUsage.General));
        table.AddColumn<string>("token").AsPrimaryKey();
        table.AddColumn<int>("hour_limit").NotNull();
        table.AddColumn<int>("foreign_use").NotNull();
        table.AddColumn("told_at", "timestamptz").NotNull();
        table.AddColumn("held_until", "timestamptz").NotNull();
        return table;
    }
}
