namespace DoSnapshot.Sandbox;

/// <summary>A file that the sandbox was told to use and cannot; the message names file and place.</summary>
public sealed class SandboxFileException : Exception
{
    /// <summary>It cannot be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">The place in it, and what is wrong there.</param>
    /// <param name="inner">What found out.</param>
    public SandboxFileException(string path, string why, Exception? inner = null)
        : base($"{path}: {why}", inner)
    {
    }
}
