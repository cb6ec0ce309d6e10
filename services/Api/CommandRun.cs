using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Operating;
using DoSnapshot.Operating.Manual;

namespace DoSnapshot.Api;

/// <summary>Carries out a command, and with an <c>Idempotency-Key</c> once only.</summary>
internal sealed class CommandRun
{
    public const string KeyHeader = "Idempotency-Key";
    public const int LongestKey = 200;

    private const int LongestReason = 500;

    private static readonly TimeSpan StillTheSame = TimeSpan.FromMinutes(1);

    private static readonly string[] Forms = [Form.Json, Form.Text];

    // The answer is no web page, so that only what JSON itself wants escaped is.
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IEventLog log;
    private readonly KeptAnswers answers;
    private readonly LogDatabase database;

    public CommandRun(IEventLog log, KeptAnswers answers, LogDatabase database)
    {
        (this.log, this.answers, this.database) = (log, answers, database);
    }

    /// <summary>Makes what is to be done, given who commands it and, for a keyed request, the ids of new snapshots.</summary>
    public delegate Task<IReadOnlyList<ManualAct>> Acts(CommandedBy by, Func<long, Guid>? newId);

    public async Task<IResult> RunAsync(
        HttpContext http, object wanted, string? reason, IEnumerable<(string Field, string Why)> mistakes, Acts acts, CancellationToken ct)
    {
        if (Form.Choose(http.Request, Forms) is null)
        {
            // Before anything is done: whoever is refused for its answer's form has commanded nothing.
            return Form.NotAcceptable(Forms);
        }

        var why = reason?.Trim() ?? "";
        var errors = mistakes.Concat(why.Length is 0 or > LongestReason || !ShownText.IsPlain(why)
            ? [("reason", $"a line of at most {LongestReason} characters is required, without control characters or marks of direction: the log keeps it")]
            : []).ToDictionary(m => m.Item1, m => (string[])[m.Item2], StringComparer.Ordinal);
        if (errors.Count > 0)
        {
            throw new InputException(errors);
        }

        var actor = http.User.Identity!.Name!;
        if (!http.Request.Headers.TryGetValue(KeyHeader, out var given))
        {
            return Told(http, Tell(await Acting.RunAsync(log, await acts(new CommandedBy(actor, why, await database.NowAsync(ct)), null), ct)));
        }

        var key = given.ToString();
        if (key.Length is 0 or > LongestKey || !key.All(c => c is > ' ' and <= '~'))
        {
            throw new InputException(KeyHeader, key, $"1 to {LongestKey} visible characters of ASCII are wanted");
        }

        await using var claim = await answers.ClaimAsync(actor, key, Digest(http.Request.Path + JsonSerializer.Serialize(wanted, wanted.GetType())), ct);
        return claim switch
        {
            null => StillAtWork(http),
            { IsSameRequest: false } => Results.Problem(
                "The key was used for another request.", statusCode: StatusCodes.Status422UnprocessableEntity, title: "Another request has this key."),
            { Answer: { } answer } => Told(http, JsonSerializer.Deserialize<CommandTold>(answer)!),
            _ => Told(http, await RunAsync(claim, actor, why, acts, ct)),
        };
    }

    private static IResult StillAtWork(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem("The same key is at work at this moment.", statusCode: StatusCodes.Status409Conflict, title: "Still at work.");
    }

    private async Task<CommandTold> RunAsync(AnswerClaim claim, string actor, string why, Acts acts, CancellationToken ct)
    {
        IReadOnlyList<ManualAct> all;
        try
        {
            all = await acts(new CommandedBy(actor, why, claim.BegunAt), droplet => IdOf(claim.Seed, droplet));
            if (!claim.IsNew && await database.NowAsync(ct) - claim.BegunAt > StillTheSame && !await Acting.HasBegunAsync(log, all, ct))
            {
                // Nothing came of the first attempt. What is done now is of this moment: as one of then it would be too old to be acted on.
                await claim.BeginAnewAsync(ct);
                all = await acts(new CommandedBy(actor, why, claim.BegunAt), droplet => IdOf(claim.Seed, droplet));
            }
        }
        catch (SubjectException) when (claim.IsNew)
        {
            // Nothing was done: when what is named is there, the same key may be used for it.
            await claim.WithdrawAsync(ct);
            throw;
        }

        var told = Tell(claim.IsNew ? await Acting.RunAsync(log, all, ct) : await Acting.ResumeAsync(log, all, ct));
        await claim.CompleteAsync(JsonSerializer.Serialize(told), ct);
        return told;
    }

    private static CommandTold Tell(ActsDone done) => new(
        [.. done.Done.Select(a => new ActTold(a.Follow, a.What, a.Done, $"/v1/history/{Uri.EscapeDataString(a.Follow)}"))],
        [.. done.Refusals.Select(r => new ActRefused(r.Act.What, r.Why))]);

    private static IResult Told(HttpContext http, CommandTold told)
    {
        if (told.Refused.Length > 0)
        {
            return Results.Problem(
                string.Join("; ", told.Refused.Select(r => $"cannot {r.What}: {r.Why}")),
                statusCode: StatusCodes.Status409Conflict,
                title: told.Accepted.Length == 0 ? "Refused; nothing was done." : "Refused in part.",
                extensions: [new("refused", told.Refused), new("accepted", told.Accepted)]);
        }

        http.Response.Headers.Location = told.Accepted[0].History;
        return string.Equals(Form.Choose(http.Request, Forms), Form.Text, StringComparison.Ordinal)
            ? Results.Text(string.Concat(told.Accepted.Select(a => ShownText.Of($"{a.Says}.") + Environment.NewLine)), Form.Text, Encoding.UTF8, StatusCodes.Status202Accepted)
            : Results.Json(new CommandAccepted(told.Accepted), Readable, Form.Json, StatusCodes.Status202Accepted);
    }

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The id of the snapshot of a droplet, the same with every attempt: a UUID of version 8.</summary>
    private static Guid IdOf(Guid seed, long droplet)
    {
        Span<byte> text = stackalloc byte[24];
        seed.TryWriteBytes(text, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(text[16..], droplet);
        var bytes = SHA256.HashData(text)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>What came of a command at once.</summary>
/// <param name="Accepted">What is in the log.</param>
/// <param name="Refused">What is not, and why.</param>
internal sealed record CommandTold(ActTold[] Accepted, ActRefused[] Refused);

/// <summary>That all of a command is in the log.</summary>
/// <param name="Accepted">What was accepted.</param>
internal sealed record CommandAccepted(ActTold[] Accepted);

/// <summary>What was accepted.</summary>
/// <param name="Id">Its id, or its name, to follow it by.</param>
/// <param name="What">What it is, such as <c>pin snapshot …</c>.</param>
/// <param name="Says">In words, what was done.</param>
/// <param name="History">Where its history is.</param>
internal sealed record ActTold(string Id, string What, string Says, string History);

/// <summary>What was refused.</summary>
/// <param name="What">What it was.</param>
/// <param name="Why">Why.</param>
internal sealed record ActRefused(string What, string Why);
