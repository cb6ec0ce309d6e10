using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;

namespace DoSnapshot.Manifests.Tests.Rules;

/// <summary>What the containers are told.</summary>
internal static partial class Values
{
    private const int Postgres = 5432;

    /// <summary>Every value, and where it is: environment, config maps, secrets.</summary>
    public static IEnumerable<(string Where, string Text)> Of(Manifest manifest) =>
    [
        .. manifest.Workloads.SelectMany(w => w.Containers.SelectMany(c => c.Env ?? []).Where(e => e.Value is not null).Select(e => ($"{w.Name}, {e.Name}", e.Value))),
        .. manifest.Of<V1ConfigMap>().SelectMany(m => (m.Data ?? new Dictionary<string, string>()).Select(d => ($"ConfigMap {m.Metadata.Name}, {d.Key}", d.Value))),
        .. manifest.Of<V1Secret>().SelectMany(s => (s.Data ?? new Dictionary<string, byte[]>()).Select(d => ($"Secret {s.Metadata.Name}, {d.Key}", Encoding.UTF8.GetString(d.Value)))),
        .. manifest.Of<V1Secret>().SelectMany(s => (s.StringData ?? new Dictionary<string, string>()).Select(d => ($"Secret {s.Metadata.Name}, {d.Key}", d.Value))),
    ];

    /// <summary>The hosts that a value names, with their ports.</summary>
    public static IEnumerable<(string Host, int Port)> Hosts(string text) =>
    [
        .. Address().Matches(text).Select(m => (m.Groups["host"].Value, int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture))),
        .. Connection().Matches(text).Select(m => (m.Groups["host"].Value, Postgres)),
    ];

    [GeneratedRegex(@"\b(https?|amqps?)://([^@/\s]*@)?(?<host>[\w.-]+):(?<port>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\bHost=(?<host>[\w.-]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Connection();
}
