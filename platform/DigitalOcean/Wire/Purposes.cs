namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What a request is for, by its method and path, where whoever asks does not say.</summary>
internal static class Purposes
{
    internal static RequestPurpose Of(HttpMethod method, string path) => method.Method switch
    {
        "POST" => path.StartsWith("/v2/images/", StringComparison.Ordinal) ? RequestPurpose.Transfer : RequestPurpose.Snapshot,
        "DELETE" => RequestPurpose.Deletion,
        _ when path.Contains("/actions", StringComparison.Ordinal) => RequestPurpose.Following,
        _ when path.StartsWith("/v2/droplets/", StringComparison.Ordinal) => RequestPurpose.Following,
        _ => RequestPurpose.Reconciliation,
    };
}
