using System.Collections.Immutable;

namespace DoSnapshot.Dashboard.Commanding;

/// <summary>What came of a command.</summary>
/// <param name="Number">Tells it from others.</param>
/// <param name="Text">In words.</param>
/// <param name="IsBad">Whether it was not done; that stays until it is put away.</param>
internal sealed record Notice(int Number, string Text, bool IsBad);

/// <summary>What is to be said to whoever looks at the page, whatever page that is.</summary>
internal sealed class Notices
{
    private static readonly TimeSpan GoodLasts = TimeSpan.FromSeconds(8);

    private readonly TimeProvider clock;
    private int last;

    public Notices(TimeProvider clock)
    {
        this.clock = clock;
    }

    /// <summary>There is another, or one less.</summary>
    public event EventHandler? Changed;

    /// <summary>Oldest first.</summary>
    public ImmutableList<Notice> All { get; private set; } = [];

    /// <summary>Says it.</summary>
    public void Say(string text, bool isBad)
    {
        var notice = new Notice(++last, text, isBad);
        Become(All.Add(notice));
        if (!isBad)
        {
            _ = PutAwayLaterAsync(notice);
        }
    }

    /// <summary>It was read.</summary>
    public void PutAway(Notice notice) => Become(All.Remove(notice));

    private async Task PutAwayLaterAsync(Notice notice)
    {
        await Task.Delay(GoodLasts, clock, CancellationToken.None);
        PutAway(notice);
    }

    private void Become(ImmutableList<Notice> all)
    {
        All = all;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
