using System.Globalization;
using Microsoft.JSInterop;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>How the browser shows times, as it tells it.</summary>
/// <param name="Clock"><c>local</c> for times where the browser is; otherwise UTC.</param>
/// <param name="Offsets">From which moment on, in milliseconds since 1970, the browser's place is how many minutes ahead of UTC; oldest first.</param>
internal sealed record BrowserTimes(string Clock, IReadOnlyList<IReadOnlyList<long>> Offsets);

/// <summary>
/// Times as the user of this page prefers them, for what is drawn or counted by the day: all others are shown by the browser itself. What the browser's zone is,
/// only the browser knows.
/// </summary>
internal sealed class BrowserClock
{
    private const string Ask = "doSnapshotTimes";
    private const int Tries = 5;

    private static readonly TimeSpan TriesAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly IJSRuntime browser;
    private readonly TimeProvider clock;
    private IReadOnlyList<IReadOnlyList<long>> offsets = [];

    public BrowserClock(IJSRuntime browser, TimeProvider clock)
    {
        (this.browser, this.clock) = (browser, clock);
    }

    /// <summary>Times are shown otherwise from now on.</summary>
    public event EventHandler? Changed;

    /// <summary>Whether they are shown as they are where the browser is.</summary>
    public bool IsLocal { get; private set; }

    /// <summary>What the times are of, in a word or two.</summary>
    public string Zone => IsLocal ? "local time" : "UTC";

    /// <summary>Asks the browser. Where it cannot say, times stay as they are.</summary>
    public async Task AskAsync()
    {
        for (var tried = 1; tried <= Tries; tried++)
        {
            try
            {
                if (await browser.InvokeAsync<BrowserTimes?>(Ask) is { } told)
                {
                    Become(told);
                }

                return;
            }
            catch (JSDisconnectedException)
            {
                return;
            }
            catch (Exception e) when (e is JSException or OperationCanceledException)
            {
                // Its script may not have come yet.
                await Task.Delay(TriesAgainAfter, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>Shows times as the browser says.</summary>
    public void Become(BrowserTimes told)
    {
        (IsLocal, offsets) = (string.Equals(told.Clock, "local", StringComparison.Ordinal), told.Offsets);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>A moment by the clock that is preferred.</summary>
    public DateTimeOffset Of(DateTimeOffset moment) => IsLocal ? moment.ToOffset(AheadAt(moment)) : moment.ToUniversalTime();

    /// <summary>For people, such as <c>2026-11-28 03:00:00 UTC</c> or <c>2026-11-28 04:00:00 +01:00</c>.</summary>
    public string Text(DateTimeOffset moment) => IsLocal ? Of(moment).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : Moments.Utc(moment);

    /// <summary>The day that a moment is on.</summary>
    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(Of(moment).DateTime);

    private TimeSpan AheadAt(DateTimeOffset moment)
    {
        var at = moment.ToUnixTimeMilliseconds();
        return offsets.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((offsets.LastOrDefault(o => o[0] <= at) ?? offsets[0])[1]);
    }
}
