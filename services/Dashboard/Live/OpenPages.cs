using System.Collections.Concurrent;

namespace DoSnapshot.Dashboard.Live;

/// <summary>The pages that are open in this process, so that those of a sign-in end with it: a page that is open never shows its cookie again.</summary>
internal sealed class OpenPages
{
    private readonly ConcurrentDictionary<Sessions, string> pages = new();

    /// <summary>A page is open.</summary>
    /// <param name="page">Whose session it has.</param>
    /// <param name="signIn">By which sign-in.</param>
    public void Add(Sessions page, string signIn) => pages[page] = signIn;

    /// <summary>It is no more.</summary>
    public void Remove(Sessions page) => pages.TryRemove(page, out _);

    /// <summary>A sign-in has ended, and its pages with it.</summary>
    public void End(string signIn)
    {
        foreach (var (page, own) in pages)
        {
            if (string.Equals(own, signIn, StringComparison.Ordinal))
            {
                page.End();
            }
        }
    }
}
