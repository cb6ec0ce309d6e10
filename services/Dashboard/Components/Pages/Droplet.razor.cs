using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components;

namespace DoSnapshot.Dashboard.Components.Pages;

/// <summary>One droplet: its snapshots in time, why each is kept or gone, and what can be done.</summary>
public sealed partial class Droplet
{
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromMinutes(1);

    private DropletViewShape? view;
    private string? trouble;
    private bool isUnknown;
    private Guid? chosen;
    private string? wantedBefore;
    private bool isAsWanted;
    private (long Id, long Place) read = (-1, -1);

    /// <summary>DigitalOcean's id of it.</summary>
    [Parameter]
    public long Id { get; set; }

    /// <summary>The snapshot that is looked at, from the address.</summary>
    [SupplyParameterFromQuery(Name = "snapshot")]
    private string? Wanted { get; set; }

    /// <summary>Whether the address names a snapshot that there is not here.</summary>
    private bool IsNowhere => Wanted is { Length: > 0 } && isAsWanted && Chosen is null;

    private SnapshotShape? Chosen => view?.Snapshots.FirstOrDefault(s => s.SnapshotId == chosen);

    private DropletShape? Status => State.Status?.Droplets.FirstOrDefault(d => d.DropletId == Id);

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (read.Id != Id)
        {
            (view, trouble, isUnknown) = (null, null, false);
        }

        if (read.Id != Id || !string.Equals(wantedBefore, Wanted, StringComparison.Ordinal))
        {
            // A word that is no id is of no snapshot.
            (wantedBefore, chosen, isAsWanted) = (Wanted, Guid.TryParse(Wanted, out var id) ? id : null, Wanted is { Length: > 0 });
        }

        return ReadAsync();
    }

    /// <inheritdoc/>
    protected override Task HeardAsync() => ReadAsync();

    /// <summary>It is in the address, too: what is loaded anew, or gone back to, shows the same.</summary>
    private void Choose(Guid? id)
    {
        (chosen, isAsWanted) = (id, false);
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("snapshot", id?.ToString()), replace: true);
    }

    /// <summary>Whether the droplet itself is paused: its plan's pause is ended for all of the plan, and not here.</summary>
    private bool IsPaused => view?.Pauses.Any(p => p.Plan is null) is true;

    private Task PauseAsync(Act act) => Acts.RunAsync(Session, act);

    private async Task ReadAsync()
    {
        var place = Session.Feed.LastOf(Id, view?.Plans() ?? []);
        var isOld = view is null || (State.Status is { } status && status.At - view.At > LooksAgainAfter);
        if (State.Trouble is not null || isUnknown || (read == (Id, place) && trouble is null && !isOld))
        {
            return;
        }

        read = (Id, place);
        var asked = Id;
        try
        {
            var got = await Session.Feed.ViewAsync(asked, Leaving);
            if (asked == Id)
            {
                Show(got);
            }
        }
        catch (ApiTroubleException e) when (asked == Id)
        {
            (trouble, isUnknown) = (e.Message, e.Trouble is ApiTrouble.Unknown);
        }
        catch (ApiTroubleException)
        {
            // Another droplet is looked at by now.
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // Left already.
        }
    }

    /// <summary>Of two that were asked for, the one that was asked for first may arrive last.</summary>
    private void Show(DropletViewShape got)
    {
        trouble = null;
        if (view is { } before && got.At < before.At)
        {
            return;
        }

        view = got;
        if (!isAsWanted)
        {
            chosen ??= got.Snapshots.LastOrDefault(s => s.Live)?.SnapshotId;
        }
    }
}
