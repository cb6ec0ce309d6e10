namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>What a droplet of the fault tests is for: which worker has something to do for it.</summary>
internal enum Purpose
{
    /// <summary>A snapshot of it is due.</summary>
    Taken,

    /// <summary>Its snapshot is to be copied to lon1.</summary>
    Copied,

    /// <summary>One of its snapshots is to go.</summary>
    Thinned,
}

/// <summary>A droplet, and what is to come of it.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Droplet">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Image">The image that is to be copied or to go; null where one is to be taken.</param>
/// <param name="Stays">The image that stays when the other goes.</param>
internal sealed record Subject(Purpose Purpose, long Droplet, string Name, long? Image = null, long? Stays = null);
