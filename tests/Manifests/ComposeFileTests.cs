using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DoSnapshot.Manifests.Tests;

/// <summary>The files of Compose: every setting is documented, and each way to start it makes sense to Compose.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly string[] Profiles = ["api", "dashboard", "tools", "observability", "*"];

    /// <summary>What is set; in which profile.</summary>
    public static TheoryData<string, string> Ways => [.. from given in (string[])["", "DO_TOKEN=made-up", "DO_TOKEN_FILE=/dev/null", "API_OPERATOR_TOKEN_FILE=/dev/null", "PASSWORD_FOLDER=/dev/null"] from profile in Profiles select (given, profile)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_example_of_settings_has_each_that_is_read_and_no_other()
    {
        // Compose's own.
        string[] own = ["COMPOSE_PROFILES"];
        Assert.Equal(Read().Concat(own).Order(StringComparer.Ordinal), Documented().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_example_of_settings_says_the_defaults()
    {
        var defaults = Sources().SelectMany(text => Default().Matches(text)).Select(m => (Name: m.Groups["name"].Value, Value: m.Groups["value"].Value)).Distinct()
            .Where(d => d.Value.Length > 0 && !d.Value.StartsWith("./", StringComparison.Ordinal) && !d.Value.StartsWith('$')).ToList();
        var example = Rendered.Source(".env.example");
        Assert.NotEmpty(defaults);
        Assert.All(defaults, d => Assert.Contains($"#{d.Name}={d.Value}\n", example, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_change_it_sets_nothing() =>
        Assert.DoesNotContain(Rendered.Source(".env.example").Split('\n'), line => line.Length > 0 && !line.StartsWith('#'));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Compose_understands_it(string given, string profile)
    {
        var services = (await ConfigAsync(given, profile))["services"]!.AsObject();
        var isReal = given.StartsWith("DO_TOKEN", StringComparison.Ordinal);
        Assert.Equal(!isReal, services.ContainsKey("sandbox"));
        foreach (var (name, service) in services)
        {
            Assert.Empty(Faults(name, service!.AsObject(), isReal && !given.StartsWith("DO_TOKEN_FILE", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("planner", "ports", """[{ "host_ip": "0.0.0.0", "published": "80" }]""", "port 80 is open to others")]
    [InlineData("planner", "image", "\"postgres\"", "image postgres says no version")]
    [InlineData("grafana", "image", "\"grafana/grafana:latest\"", "image grafana/grafana:latest says no version")]
    [InlineData("planner", "restart", "\"no\"", "is not started again")]
    [InlineData("planner", "read_only", "false", "may write to its own file system")]
    [InlineData("planner", "cap_drop", "[]", "has rights that it does not need")]
    [InlineData("planner", "security_opt", "[]", "may gain rights")]
    [InlineData("planner", "environment", """{ "DigitalOcean__Token": "made-up" }""", "has a token in its environment")]
    [InlineData("planner", "environment", """{ "Platform__LogConnectionString": "Host=postgres;Password=x" }""", "has a password in its environment, Platform__LogConnectionString")]
    [InlineData("planner", "environment", """{ "Platform__BusUri": "amqp://me:x@rabbitmq:5672/" }""", "has a password in its environment, Platform__BusUri")]
    [InlineData("postgres", "environment", """{ "POSTGRES_PASSWORD": "x" }""", "has a password in its environment, POSTGRES_PASSWORD")]
    [InlineData("rabbitmq", "environment", """{ "RABBITMQ_DEFAULT_PASS": "x" }""", "has a password in its environment, RABBITMQ_DEFAULT_PASS")]
    [InlineData("planner", "user", "\"0:0\"", "runs as somebody else")]
    [InlineData("planner", "volumes", """[{ "type": "bind", "source": "/nowhere/gone.yaml" }]""", "is shown /nowhere/gone.yaml, which is not there")]
    public async Task What_is_amiss_in_a_service_is_told(string name, string member, string planted, string said)
    {
        var service = (await ConfigAsync("", "*"))["services"]![name]!.AsObject();
        Assert.Empty(Faults(name, service, mayWrite: false));
        service[member] = JsonNode.Parse(planted);
        Assert.Contains(Faults(name, service, mayWrite: false), fault => fault.Contains(said, StringComparison.Ordinal));
    }

    /// <summary>What is not there keeps Compose from creating the container; an API without callers would end, and be started again for ever.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("API_OPERATOR_TOKEN_FILE=/dev/null", true)]
    [InlineData("API_VIEWER_TOKEN_FILE=/dev/null", true)]
    public async Task The_API_is_not_created_without_a_file_of_callers(string given, bool isCreated)
    {
        var config = await ConfigAsync(given, "api");
        var files = config["services"]!["api"]!["secrets"]!.AsArray().Select(s => (string)config["secrets"]![(string)s!["source"]!]!["file"]!).ToList();
        Assert.Equal(isCreated, files.TrueForAll(Path.Exists));
        Assert.All(files.Where(f => !Path.Exists(f)), f => Assert.Equal("set-API_OPERATOR_TOKEN_FILE-or-API_VIEWER_TOKEN_FILE", Path.GetFileName(f)));
        Assert.Equal(given.Contains("OPERATOR", StringComparison.Ordinal), (string?)config["services"]!["api"]!["environment"]!["Api__OperatorTokenFile"] is { Length: > 0 });
    }

    [Fact]
    public void The_version_of_an_image_that_nobody_tells_is_the_sources()
    {
        var version = Prefix().Match(Rendered.Source("Directory.Build.props")).Groups["version"].Value;
        Assert.Contains($"image.version=\"${{VERSION:-{version}}}\"", Rendered.Source("Dockerfile"), StringComparison.Ordinal);
        Assert.Contains($"newTag: {version}", Rendered.Source("k8s", "overlays", "production", "kustomization.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_project_of_the_services_is_restored_before_the_sources_are_copied()
    {
        var projects = new[] { "contracts", "platform", "services" }.SelectMany(d => Directory.EnumerateFiles(Path.Combine(Rendered.Root, d), "*.csproj", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Rendered.Root, p)).Select(p => $"COPY {p} {Path.GetDirectoryName(p)}/").ToList();
        var dockerfile = Rendered.Source("Dockerfile").Split('\n');
        Assert.NotEmpty(projects);
        Assert.All(projects, p => Assert.Contains(p, dockerfile));
    }

    [Fact]
    public void Every_image_of_a_service_asks_itself_for_its_health_without_a_shell()
    {
        var stages = Rendered.Source("Dockerfile").Split("\nFROM ").Where(stage => stage.StartsWith("service AS ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(stages);
        Assert.All(
            stages,
            stage => Assert.Matches(@"\nENTRYPOINT \[""dotnet"", ""(?<program>/app/[\w.]+\.dll)""\]\nHEALTHCHECK [^\n]* CMD \[""dotnet"", ""\k<program>"", ""health""\]\n", stage));
    }

    [Fact]
    public void Passwords_are_made_once_readable_by_their_owner_alone_and_fit_together()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it is a script for a shell");
        var folder = Directory.CreateTempSubdirectory("do-snapshot-passwords-");
        try
        {
            var (program, place) = (Path.Combine(Rendered.Root, "compose", "make-passwords"), Path.Combine(folder.FullName, "made"));
            Rendered.Run(program, place);
            var made = Directory.EnumerateFiles(place).ToDictionary(f => Path.GetFileName(f)!, f => File.ReadAllText(f).Trim(), StringComparer.Ordinal);
            Assert.Equal(Directory.EnumerateFiles(Path.Combine(Rendered.Root, "compose", "passwords")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal), made.Keys.Order(StringComparer.Ordinal));
            foreach (var file in Directory.EnumerateFiles(place))
            {
                if (!OperatingSystem.IsWindows())
                {
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                }
            }

            Assert.Matches("^[0-9a-f]{48}$", made["postgres-password"]);
            Assert.Matches("^[0-9a-f]{48}$", made["rabbitmq-password"]);
            Assert.NotEqual(made["postgres-password"], made["rabbitmq-password"]);
            // As those of the repository, but for the words.
            Assert.Equal(Template("log-connection-string"), made["log-connection-string"].Replace(made["postgres-password"], "do-snapshot", StringComparison.Ordinal));
            Assert.Equal(Template("bus-uri"), made["bus-uri"].Replace(made["rabbitmq-password"], "do-snapshot", StringComparison.Ordinal));

            Assert.Contains("is there already", Assert.Throws<InvalidOperationException>(() => Rendered.Run(program, place)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Template(string name) => Rendered.Source("compose", "passwords", name).Trim();
    }

    private static IEnumerable<string> Faults(string name, JsonObject service, bool mayWrite)
    {
        var isOurs = service["build"] is not null;
        foreach (var port in (service["ports"]?.AsArray() ?? []).Where(p => (string?)p!["host_ip"] != "127.0.0.1"))
        {
            yield return $"{name}: port {port!["published"]} is open to others";
        }

        var image = (string?)service["image"] ?? "";
        if (image.Split(':') is not [_, var tag] || (!isOurs && !tag.Any(char.IsAsciiDigit)))
        {
            yield return $"{name}: image {image} says no version";
        }

        if ((string?)service["restart"] != "unless-stopped" && name != "do-snapshot")
        {
            yield return $"{name}: it is not started again";
        }

        if (isOurs && (bool?)service["read_only"] is not true && !mayWrite)
        {
            yield return $"{name}: it may write to its own file system";
        }

        // The servers' own images begin as root, and give it up.
        var isServer = name is "postgres" or "rabbitmq";
        if (!isServer && !Texts(service["cap_drop"]).SequenceEqual(["ALL"], StringComparer.Ordinal))
        {
            yield return $"{name}: it has rights that it does not need";
        }

        if (!isServer && !Texts(service["security_opt"]).Contains("no-new-privileges:true", StringComparer.Ordinal))
        {
            yield return $"{name}: it may gain rights";
        }

        foreach (var (variable, value) in service["environment"]?.AsObject() ?? [])
        {
            if ((string?)value == "made-up")
            {
                yield return $"{name}: it has a token in its environment, {variable}";
            }

            if (variable.EndsWith("PASSWORD", StringComparison.Ordinal) || variable.EndsWith("PASS", StringComparison.Ordinal) || Password().IsMatch((string?)value ?? ""))
            {
                yield return $"{name}: it has a password in its environment, {variable}";
            }
        }

        // Files of secrets are readable for him alone.
        if (isOurs && service["secrets"] is not null && (string?)service["user"] != "10500:10500")
        {
            yield return $"{name}: it runs as somebody else than DO_SNAPSHOT_USER says";
        }

        foreach (var source in (service["volumes"]?.AsArray() ?? []).Where(v => (string?)v!["type"] == "bind").Select(v => (string)v!["source"]!).Where(s => !Path.Exists(s)))
        {
            yield return $"{name}: it is shown {source}, which is not there";
        }
    }

    private static IEnumerable<string?> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(one => (string?)one);

    private static async Task<JsonNode> ConfigAsync(string given, string profile)
    {
        // The client is enough; no engine is asked.
        var start = new ProcessStartInfo("docker", ["compose", "--profile", profile, "config", "--format", "json"])
        {
            WorkingDirectory = Rendered.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in Read())
        {
            start.Environment.Remove(name);
        }

        // Nor is what the user of this machine has in .env of any matter.
        start.Environment["COMPOSE_DISABLE_ENV_FILE"] = "true";
        if (given.Split('=') is [var variable, var value])
        {
            start.Environment[variable] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Docker's client is not on this machine");
            throw;
        }

        using (process)
        {
            var (errors, output) = (process.StandardError.ReadToEndAsync(Ct), process.StandardOutput.ReadToEndAsync(Ct));
            await process.WaitForExitAsync(Ct);
            var said = await errors;
            Assert.SkipWhen(said.Contains("is not a docker command", StringComparison.Ordinal), "Docker's client has no Compose");
            Assert.True(process.ExitCode == 0, said);
            return JsonNode.Parse(await output)!;
        }
    }

    private static IEnumerable<string> Sources() =>
        [Rendered.Source("docker-compose.yml"), .. Directory.EnumerateFiles(Path.Combine(Rendered.Root, "compose"), "*.yaml").Select(File.ReadAllText)];

    private static HashSet<string> Read() => [.. Sources().SelectMany(text => Variable().Matches(text)).Select(m => m.Groups["name"].Value)];

    private static IEnumerable<string> Documented() => Named().Matches(Rendered.Source(".env.example")).Select(m => m.Groups["name"].Value);

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+):-(?<value>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Default();

    [GeneratedRegex(@"\bPassword=|://[^/\s:]*:[^/\s]*@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Password();

    [GeneratedRegex("^#?(?<name>[A-Z_]+)=", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Named();

    [GeneratedRegex("<VersionPrefix>(?<version>[^<]+)<", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Prefix();
}
