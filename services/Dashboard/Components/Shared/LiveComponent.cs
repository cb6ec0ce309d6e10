using DoSnapshot.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace DoSnapshot.Dashboard.Components.Shared;

/// <summary>A part of a page that shows what goes on: it is shown anew whenever something was heard, and what it asks for ends with it.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();

    /// <summary>A part of a page.</summary>
    protected LiveComponent()
    {
        Leaving = leaving.Token;
    }

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    internal Session Session { get; set; } = null!;

    /// <summary>What is known.</summary>
    internal FeedState State => Session.Feed.State;

    /// <summary>Whether what is known is a part of what it shows; otherwise it is shown anew only where it has asked for something itself.</summary>
    protected virtual bool ShowsWhatIsKnown => true;

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Leaving { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Session.Feed.Changed += OnChanged;

    /// <summary>Something was heard; what it shows besides may have to be asked for again.</summary>
    protected virtual Task HeardAsync() => Task.CompletedTask;

    /// <summary>Ends it.</summary>
    /// <param name="disposing">Whether by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !leaving.IsCancellationRequested)
        {
            Session.Feed.Changed -= OnChanged;
            leaving.Cancel();
            leaving.Dispose();
        }
    }

    private void OnChanged(object? sender, EventArgs e) => _ = InvokeAsync(HearAsync);

    private async Task HearAsync()
    {
        if (leaving.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await HeardAsync();
        }
#pragma warning disable CA1031 // Whatever it is, the page says that something is wrong: one that stands still would look as if nothing happened.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!leaving.IsCancellationRequested)
            {
                await DispatchExceptionAsync(e);
            }

            return;
        }

        if (ShowsWhatIsKnown)
        {
            StateHasChanged();
        }
    }
}
