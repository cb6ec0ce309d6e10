namespace DoSnapshot.LocalServers;

/// <summary>A local server cannot be found, started or shared. The message is meant for the person at the keyboard.</summary>
public sealed class LocalServerException(string message, Exception? inner = null) : Exception(message, inner);
