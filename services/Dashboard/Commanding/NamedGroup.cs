using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Commanding;

/// <summary>What a command does away with, by name.</summary>
/// <param name="Title">When.</param>
/// <param name="Names">The first of them.</param>
/// <param name="Rest">So many more.</param>
public sealed record NamedGroup(string Title, IReadOnlyList<string> Names, int Rest)
{
    private const int MostNamed = 10;

    /// <summary>Some of what goes by a policy.</summary>
    /// <param name="title">When.</param>
    /// <param name="goes">What goes.</param>
    /// <param name="all">So many of it are meant.</param>
    /// <param name="which">Which are.</param>
    internal static NamedGroup Of(string title, WhatGoesShape goes, int all, Func<WhatGoesSnapshotShape, bool> which)
    {
        List<string> names = [.. goes.Snapshots.Where(which).Take(MostNamed).Select(s => $"{s.DropletName}: {s.Name}, made {Moments.Utc(s.CreatedAt)}{(s.GoesAnyway ? ", which goes as it is, too" : "")}")];
        return new NamedGroup(title, names, Math.Max(0, all - names.Count));
    }
}
