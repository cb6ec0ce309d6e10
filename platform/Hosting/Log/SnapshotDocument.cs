using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// Reads a snapshot's document as the serializer does, without the code that one compiles for each kind of member when it starts: most of what a question about the
/// whole fleet waits for otherwise. A test holds it against the serializer, member by member.
/// </summary>
internal static class SnapshotDocument
{
    private const int LongestName = 64;

    /// <summary>What the names of enumerations are made of: digits are their numbers, and commas are between several.</summary>
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads it. Members that are not known are passed over.</summary>
    /// <param name="text">The document, in UTF-8.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static Snapshot Read(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        try
        {
            json.Read();
            return ReadSnapshot(ref json);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private static Snapshot ReadSnapshot(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        string? id = null, dropletName = null, name = null, plan = null, trouble = null;
        Guid? snapshotId = null;
        long? dropletId = null, actionId = null, imageId = null;
        long version = 0;
        int attempts = 0, staleExpiries = 0, pruneAttempts = 0, prunesNotDone = 0;
        bool discovered = false, scheduled = false, live = true, working = false, provisional = false, uncertain = false, pinned = false, leftAlone = false, removalTakenBack = false;
        DateTimeOffset requestedAt = default, changedAt = default;
        DateTimeOffset? occurrence = null, attemptedAt = null, sendBefore = null, retryAt = null, startedAt = null, createdAt = null;
        Origin origin = default;
        SnapshotConsistency consistency = default;
        ForcedPowerOff forcePowerOff = default;
        SnapshotPhase phase = default;
        Guard? heldBy = null;
        Expiry? expiry = null;
        decimal sizeGigabytes = 0;
        ImmutableSortedSet<string> regions = [];
        var transfers = ImmutableSortedDictionary<string, RegionTransfer>.Empty;

        Span<char> buffer = stackalloc char[LongestName];
        while (NextMember(ref json, buffer) is var length and >= 0)
        {
            switch (buffer[..length])
            {
                case "id": id = json.GetString(); break;
                case "version": version = json.GetInt64(); break;
                case "snapshotId": snapshotId = json.GetGuid(); break;
                case "dropletId": dropletId = json.GetInt64(); break;
                case "dropletName": dropletName = json.GetString(); break;
                case "name": name = json.GetString(); break;
                case "plan": plan = json.GetString(); break;
                case "origin": origin = (Origin)OneOf(typeof(Origin), ref json); break;
                case "discovered": discovered = json.GetBoolean(); break;
                case "scheduled": scheduled = json.GetBoolean(); break;
                case "requestedAt": requestedAt = json.GetDateTimeOffset(); break;
                case "occurrence": occurrence = Moment(ref json); break;
                case "consistency": consistency = (SnapshotConsistency)OneOf(typeof(SnapshotConsistency), ref json); break;
                case "forcePowerOff": forcePowerOff = (ForcedPowerOff)OneOf(typeof(ForcedPowerOff), ref json); break;
                case "phase": phase = (SnapshotPhase)OneOf(typeof(SnapshotPhase), ref json); break;
                case "live": live = json.GetBoolean(); break;
                case "working": working = json.GetBoolean(); break;
                case "attempts": attempts = json.GetInt32(); break;
                case "attemptedAt": attemptedAt = Moment(ref json); break;
                case "sendBefore": sendBefore = Moment(ref json); break;
                case "retryAt": retryAt = Moment(ref json); break;
                case "trouble": trouble = json.GetString(); break;
                case "actionId": actionId = Id(ref json); break;
                case "startedAt": startedAt = Moment(ref json); break;
                case "provisional": provisional = json.GetBoolean(); break;
                case "uncertain": uncertain = json.GetBoolean(); break;
                case "imageId": imageId = Id(ref json); break;
                case "sizeGigabytes": sizeGigabytes = json.GetDecimal(); break;
                case "createdAt": createdAt = Moment(ref json); break;
                case "regions": regions = Regions(ref json); break;
                case "transfers": transfers = Transfers(ref json); break;
                case "pinned": pinned = json.GetBoolean(); break;
                case "heldBy": heldBy = IsNull(ref json) ? null : (Guard)OneOf(typeof(Guard), ref json); break;
                case "leftAlone": leftAlone = json.GetBoolean(); break;
                case "expiry": expiry = IsNull(ref json) ? null : ReadExpiry(ref json); break;
                case "removalTakenBack": removalTakenBack = json.GetBoolean(); break;
                case "staleExpiries": staleExpiries = json.GetInt32(); break;
                case "pruneAttempts": pruneAttempts = json.GetInt32(); break;
                case "prunesNotDone": prunesNotDone = json.GetInt32(); break;
                case "changedAt": changedAt = json.GetDateTimeOffset(); break;
                default: json.Skip(); break;
            }
        }

        return new Snapshot
        {
            Id = id ?? throw Missing("id"),
            Version = version,
            SnapshotId = snapshotId ?? throw Missing("snapshotId"),
            DropletId = dropletId ?? throw Missing("dropletId"),
            DropletName = dropletName ?? throw Missing("dropletName"),
            Name = name ?? throw Missing("name"),
            Plan = plan,
            Origin = origin,
            Discovered = discovered,
            Scheduled = scheduled,
            RequestedAt = requestedAt,
            Occurrence = occurrence,
            Consistency = consistency,
            ForcePowerOff = forcePowerOff,
            Phase = phase,
            Live = live,
            Working = working,
            Attempts = attempts,
            AttemptedAt = attemptedAt,
            SendBefore = sendBefore,
            RetryAt = retryAt,
            Trouble = trouble,
            ActionId = actionId,
            StartedAt = startedAt,
            Provisional = provisional,
            Uncertain = uncertain,
            ImageId = imageId,
            SizeGigabytes = sizeGigabytes,
            CreatedAt = createdAt,
            Regions = regions,
            Transfers = transfers,
            Pinned = pinned,
            HeldBy = heldBy,
            LeftAlone = leftAlone,
            Expiry = expiry,
            RemovalTakenBack = removalTakenBack,
            StaleExpiries = staleExpiries,
            PruneAttempts = pruneAttempts,
            PrunesNotDone = prunesNotDone,
            ChangedAt = changedAt,
        };
    }

    private static Expiry ReadExpiry(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        Origin origin = default;
        string? rule = null;
        int? planVersion = null;
        DateTimeOffset decidedAt = default;
        Span<char> buffer = stackalloc char[LongestName];
        while (NextMember(ref json, buffer) is var length and >= 0)
        {
            switch (buffer[..length])
            {
                case "origin": origin = (Origin)OneOf(typeof(Origin), ref json); break;
                case "rule": rule = json.GetString(); break;
                case "planVersion": planVersion = IsNull(ref json) ? null : json.GetInt32(); break;
                case "decidedAt": decidedAt = json.GetDateTimeOffset(); break;
                default: json.Skip(); break;
            }
        }

        return new Expiry(origin, rule, planVersion, decidedAt);
    }

    private static RegionTransfer ReadTransfer(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        TransferPhase phase = default;
        DateTimeOffset requestedAt = default, changedAt = default;
        var attempts = 0;
        DateTimeOffset? attemptedAt = null, sendBefore = null, startedAt = null, retryAt = null;
        long? actionId = null;
        string? trouble = null;
        var origin = Origin.Plan;
        Span<char> buffer = stackalloc char[LongestName];
        while (NextMember(ref json, buffer) is var length and >= 0)
        {
            switch (buffer[..length])
            {
                case "phase": phase = (TransferPhase)OneOf(typeof(TransferPhase), ref json); break;
                case "requestedAt": requestedAt = json.GetDateTimeOffset(); break;
                case "changedAt": changedAt = json.GetDateTimeOffset(); break;
                case "attempts": attempts = json.GetInt32(); break;
                case "attemptedAt": attemptedAt = Moment(ref json); break;
                case "sendBefore": sendBefore = Moment(ref json); break;
                case "actionId": actionId = Id(ref json); break;
                case "startedAt": startedAt = Moment(ref json); break;
                case "retryAt": retryAt = Moment(ref json); break;
                case "trouble": trouble = json.GetString(); break;
                case "origin": origin = (Origin)OneOf(typeof(Origin), ref json); break;
                default: json.Skip(); break;
            }
        }

        return new RegionTransfer(phase, requestedAt, changedAt, attempts, attemptedAt, sendBefore, actionId, startedAt, retryAt, trouble, origin);
    }

    private static ImmutableSortedSet<string> Regions(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartArray);
        var regions = ImmutableSortedSet<string>.Empty.ToBuilder();
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            regions.Add(json.GetString() ?? throw new JsonException("A region is null."));
        }

        return regions.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, RegionTransfer> Transfers(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        var transfers = ImmutableSortedDictionary<string, RegionTransfer>.Empty.ToBuilder();
        while (json.Read() && json.TokenType is not JsonTokenType.EndObject)
        {
            var region = json.GetString()!;
            json.Read();
            transfers[region] = ReadTransfer(ref json);
        }

        return transfers.ToImmutable();
    }

    /// <summary>Goes on to the next member's value, from the object's beginning or from the last one's.</summary>
    /// <param name="json">The text.</param>
    /// <param name="buffer">Holds the name.</param>
    /// <returns>How long it is: nothing where it is longer than any that is known, and less than that where there is none.</returns>
    private static int NextMember(ref Utf8JsonReader json, scoped Span<char> buffer)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.EndObject)
        {
            return -1;
        }

        Expect(ref json, JsonTokenType.PropertyName);
        var length = json.ValueSpan.Length <= buffer.Length ? json.CopyString(buffer) : 0;
        json.Read();
        return length;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (json.TokenType != token)
        {
            throw new JsonException($"{token} is wanted at {json.TokenStartIndex}, not {json.TokenType}.");
        }
    }

    private static bool IsNull(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.Null;

    private static DateTimeOffset? Moment(ref Utf8JsonReader json) => IsNull(ref json) ? null : json.GetDateTimeOffset();

    private static long? Id(ref Utf8JsonReader json) => IsNull(ref json) ? null : json.GetInt64();

    /// <summary>One of an enumeration, by its name and nothing else: neither by a number nor by several, which the serializer takes and never writes.</summary>
    private static object OneOf(Type type, ref Utf8JsonReader json)
    {
        var name = json.GetString() ?? throw new JsonException($"{type.Name} is null.");
        return name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Letters)
            ? Enum.Parse(type, name, ignoreCase: true)
            : throw new JsonException($"'{name}' is no {type.Name}.");
    }

    private static JsonException Missing(string member) => new($"The member '{member}' is missing.");
}
