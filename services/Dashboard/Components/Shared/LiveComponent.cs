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

    private void OnChanged(object? sender, EventArgs e) => _ = InvokeAsync(async () =>
    {
        if (!leaving.IsCancellationRequested)
        {
            await HeardAsync();
            StateHasChanged();
        }
    });
}
