using System.Collections.Concurrent;
using System.Diagnostics;

namespace DoSnapshot.Manifests.Tests;

/// <summary>The kustomizations of this repository, rendered as an installation renders them.</summary>
internal static class Rendered
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Texts = new(StringComparer.Ordinal);

    // kubectl has kustomize within; either will do.
    private static readonly (string Program, string Verb)[] Renderers = [("kubectl", "kustomize"), ("kustomize", "build")];

    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Everything under <c>k8s</c> that is applied as it stands, relative to it. The base is applied by its overlays.</summary>
    public static IReadOnlyList<string> Kustomizations { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "k8s"), "kustomization.yaml", SearchOption.AllDirectories)
            .Where(file => !File.ReadAllText(file).Contains("kind: Component", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Path.Combine(Root, "k8s"), Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Where(name => name != "base")
            .Order(StringComparer.Ordinal)];

    /// <summary>One of them as YAML. A test that needs it is skipped, and says so, where there is neither kubectl nor kustomize.</summary>
    /// <param name="name">Its folder under <c>k8s</c>.</param>
    public static string Text(string name)
    {
        var renderer = Renderers.FirstOrDefault(r => IsThere(r.Program));
        Assert.SkipWhen(renderer.Program is null, "There is neither kubectl nor kustomize on this machine: install kubectl 1.27 or later (https://kubernetes.io/docs/tasks/tools/, or the package kubernetes-client where it is that recent).");
        return Texts.GetOrAdd(name, key => new Lazy<string>(() => Run(renderer.Program!, renderer.Verb, Path.Combine(Root, "k8s", key)))).Value;
    }

    /// <summary>A file of this repository.</summary>
    public static string Source(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>Whether a program is on this machine.</summary>
    public static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Runs a program; what it said.</summary>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}{errors.GetAwaiter().GetResult()}");
    }

    private static string Find(DirectoryInfo? from)
    {
        while (from is not null && !File.Exists(Path.Combine(from.FullName, "DoSnapshotPlatform.sln")))
        {
            from = from.Parent;
        }

        return from?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }
}
