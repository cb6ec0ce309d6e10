namespace DoSnapshot.LocalServers;

/// <summary>A local server cannot be found, started or shared. The message is meant for the person at the keyboard.</summary>
public class LocalServerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The directory for the data cannot be used at all: choose another one.</summary>
public sealed class DirectoryUnusableException(string message, Exception? inner = null) : LocalServerException(message, inner);

/// <summary>The directory for the data is another process's at this moment.</summary>
public sealed class DirectoryInUseException(string message, Exception? inner = null) : LocalServerException(message, inner);
