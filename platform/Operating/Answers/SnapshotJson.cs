using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Answers;

/// <summary>How a snapshot stands, for programs; what is written is read back by whoever follows a snapshot from elsewhere.</summary>
internal static class SnapshotJson
{
    /// <summary>Such as <c>newest-complete</c>.</summary>
    public static string Name(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Writes the members.</summary>
    /// <param name="s">The snapshot.</param>
    /// <param name="hold">What holds it at this moment; null where nothing does.</param>
    /// <param name="json">Takes them.</param>
    public static void Write(Snapshot s, StandingHold? hold, Utf8JsonWriter json)
    {
        json.WriteString("snapshotId", s.SnapshotId);
        json.WriteString("name", s.Name);
        json.WriteNumber("dropletId", s.DropletId);
        json.WriteString("dropletName", s.DropletName);
        json.WriteString("plan", s.Plan);
        json.WriteString("origin", Name(s.Origin));
        json.WriteBoolean("discovered", s.Discovered);
        json.WriteString("requestedAt", Stamp.Of(s.RequestedAt));
        json.WriteString("phase", Name(s.Phase));
        json.WriteBoolean("live", s.Live);
        json.WriteNumber("attempts", s.Attempts);
        WriteMoment(json, "retryAt", s.RetryAt);
        json.WriteString("trouble", s.Trouble);
        json.WriteNumberOrNull("actionId", s.ActionId);
        json.WriteNumberOrNull("imageId", s.ImageId);
        json.WriteNumber("gigabytes", s.SizeGigabytes);
        WriteMoment(json, "createdAt", s.CreatedAt);
        json.WriteStartArray("regions");
        foreach (var region in s.Regions)
        {
            json.WriteStringValue(region);
        }

        json.WriteEndArray();
        json.WriteObjects("transfers", s.Transfers, t =>
        {
            json.WriteString("region", t.Key);
            json.WriteString("phase", Name(t.Value.Phase));
            json.WriteString("origin", Name(t.Value.Origin));
            json.WriteString("requestedAt", Stamp.Of(t.Value.RequestedAt));
            json.WriteString("changedAt", Stamp.Of(t.Value.ChangedAt));
            json.WriteNumber("attempts", t.Value.Attempts);
            WriteMoment(json, "retryAt", t.Value.RetryAt);
            json.WriteNumberOrNull("actionId", t.Value.ActionId);
            json.WriteString("trouble", t.Value.Trouble);
        });
        json.WriteBoolean("pinned", s.Pinned);
        if (hold is not null)
        {
            json.WriteStartObject("held");
            json.WriteString("guard", hold.Guard is { } holds ? Name(holds) : null);
            json.WriteString("detail", hold.Detail);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("held");
        }

        json.WriteString("heldBy", s.HeldBy is { } guard ? Name(guard) : null);
        json.WriteBoolean("leftAlone", s.LeftAlone);
        if (s.Expiry is { } expiry)
        {
            json.WriteStartObject("expiry");
            json.WriteString("origin", Name(expiry.Origin));
            json.WriteString("rule", expiry.Rule);
            json.WriteNumberOrNull("planVersion", expiry.PlanVersion);
            json.WriteString("decidedAt", Stamp.Of(expiry.DecidedAt));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("expiry");
        }

        json.WriteNumber("pruneAttempts", s.PruneAttempts);
        json.WriteString("changedAt", Stamp.Of(s.ChangedAt));
    }

    /// <summary>Reads what was written; moments to the second, as they are written.</summary>
    /// <exception cref="Exception">It is something else: <see cref="InvalidOperationException"/>, <see cref="KeyNotFoundException"/>, <see cref="FormatException"/> or <see cref="ArgumentException"/>.</exception>
    public static Snapshot Read(JsonElement json) => new()
    {
        Id = Lifecycle.Streams.OfSnapshot(json.GetProperty("snapshotId").GetGuid()),
        SnapshotId = json.GetProperty("snapshotId").GetGuid(),
        Name = json.GetProperty("name").GetString()!,
        DropletId = json.GetProperty("dropletId").GetInt64(),
        DropletName = json.GetProperty("dropletName").GetString()!,
        Plan = json.GetProperty("plan").GetString(),
        Origin = Choice<Origin>(json, "origin"),
        Discovered = json.GetProperty("discovered").GetBoolean(),
        RequestedAt = json.GetProperty("requestedAt").GetDateTimeOffset(),
        Phase = Choice<SnapshotPhase>(json, "phase"),
        Live = json.GetProperty("live").GetBoolean(),
        Attempts = json.GetProperty("attempts").GetInt32(),
        RetryAt = Moment(json, "retryAt"),
        Trouble = json.GetProperty("trouble").GetString(),
        ActionId = Number(json, "actionId"),
        ImageId = Number(json, "imageId"),
        SizeGigabytes = json.GetProperty("gigabytes").GetDecimal(),
        CreatedAt = Moment(json, "createdAt"),
        Regions = [.. json.GetProperty("regions").EnumerateArray().Select(r => r.GetString()!)],
        Transfers = json.GetProperty("transfers").EnumerateArray().ToImmutableSortedDictionary(t => t.GetProperty("region").GetString()!, Transfer, StringComparer.Ordinal),
        Pinned = json.GetProperty("pinned").GetBoolean(),
        HeldBy = json.GetProperty("heldBy").ValueKind is JsonValueKind.Null ? null : Choice<Guard>(json, "heldBy"),
        LeftAlone = json.GetProperty("leftAlone").GetBoolean(),
        Expiry = json.GetProperty("expiry") is { ValueKind: JsonValueKind.Object } expiry
            ? new Expiry(Choice<Origin>(expiry, "origin"), expiry.GetProperty("rule").GetString(), (int?)Number(expiry, "planVersion"), expiry.GetProperty("decidedAt").GetDateTimeOffset())
            : null,
        PruneAttempts = json.GetProperty("pruneAttempts").GetInt32(),
        ChangedAt = json.GetProperty("changedAt").GetDateTimeOffset(),
    };

    private static RegionTransfer Transfer(JsonElement json) => new(
        Choice<TransferPhase>(json, "phase"),
        json.GetProperty("requestedAt").GetDateTimeOffset(),
        json.GetProperty("changedAt").GetDateTimeOffset(),
        json.GetProperty("attempts").GetInt32(),
        ActionId: Number(json, "actionId"),
        RetryAt: Moment(json, "retryAt"),
        Trouble: json.GetProperty("trouble").GetString(),
        Origin: Choice<Origin>(json, "origin"));

    private static T Choice<T>(JsonElement json, string name)
        where T : struct, Enum => Enum.Parse<T>(json.GetProperty(name).GetString()!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static long? Number(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static DateTimeOffset? Moment(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.String } moment ? moment.GetDateTimeOffset() : null;

    private static void WriteMoment(Utf8JsonWriter json, string name, DateTimeOffset? moment) => json.WriteString(name, moment is { } at ? Stamp.Of(at) : null);
}
