using System.Text.Json;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.Dashboard.Live;
using DoSnapshot.HttpApi;
using MudBlazor;

namespace DoSnapshot.Dashboard.Commanding;

/// <summary>Gives commands: asks as much before as the harm is great, and says what came of it.</summary>
internal sealed class Acts
{
    /// <summary>What is given so long after is wanted once more, whatever became of it the first time.</summary>
    private static readonly TimeSpan StaysUnsure = TimeSpan.FromMinutes(5);

    private readonly IDialogService dialogs;
    private readonly Notices notices;
    private readonly TimeProvider clock;

    /// <summary>The keys of commands of which nobody knows whether they were done, with since when.</summary>
    private readonly Dictionary<string, (string Key, long At)> unsure = new(StringComparer.Ordinal);

    /// <summary>The commands that have no answer yet.</summary>
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);

    private bool isAsking;
    private bool isGiving;

    public Acts(IDialogService dialogs, Notices notices, TimeProvider clock)
    {
        (this.dialogs, this.notices, this.clock) = (dialogs, notices, clock);
    }

    /// <summary>Whether nobody knows if what was asked for, or given, last was done.</summary>
    public bool IsLastUnsure { get; private set; }

    /// <summary>
    /// Asks for the reason, and whatever else the harm wants, and gives the command. While one is asked for, or has no answer yet, another is not begun: a
    /// second click is no second command.
    /// </summary>
    /// <returns>Whether it was accepted.</returns>
    public async Task<bool> RunAsync(Session session, Act act)
    {
        if (isGiving)
        {
            notices.Say("Nothing was done: the command before this one has no answer yet.", isBad: true);
        }

        if (isAsking || isGiving)
        {
            return false;
        }

        (isAsking, IsLastUnsure) = (true, false);
        try
        {
            var dialog = await dialogs.ShowAsync<ReasonDialog>(act.Title, new DialogParameters<ReasonDialog>
            {
                { d => d.Says, act.Says },
                { d => d.Button, act.Button },
                { d => d.Harm, act.Harm },
                { d => d.Suggested, act.Reason },
                { d => d.Typed, act.Typed },
                { d => d.Names, act.Names },
            });
            if (await dialog.Result is not { Canceled: false, Data: string reason })
            {
                return false;
            }

            isGiving = true;
            return await GiveAsync(session, act, reason);
        }
        finally
        {
            (isAsking, isGiving) = (false, false);
        }
    }

    /// <summary>Gives a command at once, for the reason that it suggests; not while the same has no answer yet.</summary>
    /// <returns>Whether it was accepted.</returns>
    public async Task<bool> GiveAsync(Session session, Act act, string? reason = null)
    {
        var body = act.Body(reason ?? act.Reason);
        var what = $"{act.Path} {act.PolicyOf} {JsonSerializer.Serialize(body, body.GetType(), JsonSerializerOptions.Web)}";
        if (!underWay.Add(what))
        {
            return false;
        }

        try
        {
            return await GiveAsync(session, act, body, what);
        }
        finally
        {
            underWay.Remove(what);
        }
    }

    private async Task<bool> GiveAsync(Session session, Act act, object body, string what)
    {
        // However often the connection breaks, it is one command; and so it is when the same is given again soon, since nobody knows whether it was done.
        var key = unsure.Remove(what, out var before) && clock.GetElapsedTime(before.At) < StaysUnsure ? before.Key : Guid.NewGuid().ToString();
        IsLastUnsure = false;
        try
        {
            var done = act.PolicyOf is { } plan
                ? await session.Client.ChangePolicyAsync(plan, body, key, CancellationToken.None)
                : await session.Client.CommandAsync(act.Path, body, key, CancellationToken.None);
            notices.Say(string.Join(" ", done.Select(d => $"{d}.")), isBad: false);
            // Whatever was done, what goes may be otherwise now.
            session.Feed.ForgetGoing();
            return true;
        }
        catch (ApiTroubleException e)
        {
            if (e.Passes)
            {
                (unsure[what], IsLastUnsure) = ((key, clock.GetTimestamp()), true);
            }

            notices.Say(
                e.Trouble switch
                {
                    ApiTrouble.Refused => $"Refused: {e.Message}",
                    ApiTrouble.Forbidden => "Commands need an operator's token, and yours is a viewer's.",
                    ApiTrouble.Unreachable => $"{e.Message} Whether it was done all the same, the history says.",
                    _ => e.Message,
                },
                isBad: true);
            return false;
        }
    }
}
