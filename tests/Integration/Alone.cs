namespace DoSnapshot.Integration.Tests;

/// <summary>For tests that end a server which the others use too, or that measure: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
