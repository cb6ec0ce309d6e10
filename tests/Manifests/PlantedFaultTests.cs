using System.Text.Json;
using System.Text.RegularExpressions;
using DoSnapshot.Manifests.Tests.Rules;
using YamlDotNet.Core;

namespace DoSnapshot.Manifests.Tests;

/// <summary>Each of the checks finds what it is for: a fault is planted into what was rendered, and told.</summary>
public sealed class PlantedFaultTests
{
    private const string Sandbox = "overlays/sandbox";
    private const string Production = "overlays/production";
    private const string Autoscaled = "overlays/production-autoscaled";
    private const string Observed = "overlays/production-observed";
    private const string Command = "cronjob";

    /// <summary>Where; what is there (its first place counts); what is planted; what is said.</summary>
    public static TheoryData<string, string, string, string> Referring => new()
    {
        { Sandbox, @"(?<head>key: planner\n +path: log\n +name: )do-snapshot-log-\w+", "${head}gone", "planner: there is no Secret gone" },
        { Sandbox, @"key: planner(?<rest>\n +path: log)", "key: planer${rest}", "has no key planer" },
        { Sandbox, @"key: pruner-worker(?<rest>\n +path: token)", "key: pruner${rest}", "has no key pruner" },
        { Production, @"key: planner(?<rest>\n +path: log)", "key: master${rest}", "Secret do-snapshot-log has no key master" },
        { Command, @"(?<head>items:\n +- key: )token", "${head}tokens", "snapshot-droplets: Secret do-api-token has no key tokens" },
        { Production, @"(?<head>secretName: )do-snapshot-log", "${head}gone", "schema: there is no Secret gone" },
        { Sandbox, @"(?<head>configMapRef:\n +name: )do-snapshot-settings-\w+", "${head}settings", "there is no ConfigMap settings" },
        { Sandbox, @"(?<head>configMap:\n +name: )do-snapshot-plans-\w+", "${head}plans", "planner: there is no ConfigMap plans" },
        { Sandbox, "claimName: sandbox", "claimName: sandboxes", "sandbox: there is no claim sandboxes" },
        { Sandbox, @"(?<head>mountPath: /etc/do-snapshot\n +name: )plans", "${head}plan", "planner: there is no volume plan" },
        { Production, "serviceAccountName: planner", "serviceAccountName: plan", "planner: there is no ServiceAccount plan" },
        { Production, @"app.kubernetes.io/name: planner\n  template", "app.kubernetes.io/name: api\n  template", "planner: its selector does not select its own pods" },
        { Production, @"app.kubernetes.io/name: planner\n  template", "app.kubernetes.io/name: api\n  template", "planner: its selector selects the pods of api" },
        { Production, @"app.kubernetes.io/name: planner(?<rest>\n +maxSkew)", "app.kubernetes.io/name: api${rest}", "planner: the spread over kubernetes.io/hostname counts other pods" },
        { Production, @"(?<head>kind: PodDisruptionBudget\nmetadata:\n(  .*\n)+?  name: planner\n(  .*\n)+spec:\n(  .*\n)+?) +app.kubernetes.io/name: planner", "${head}      app.kubernetes.io/name: plan", "PodDisruptionBudget planner is not for one workload" },
        { Sandbox, @"(?<head>targetPort: )postgres", "${head}sql", "Service postgres: nothing listens on sql" },
        { Sandbox, @"(?<head>selector:\n +app.kubernetes.io/name: )rabbitmq\n---", "${head}rabbit\n---", "Service rabbitmq leads to 0 workloads" },
        { Production, @"(?<head>path: /health/live\n +port: )http", "${head}web", "a probe asks port web" },
        { Sandbox, "http://sandbox:8080", "http://sandbx:8080", "there is no Service sandbx" },
        { Sandbox, "http://sandbox:8080", "http://sandbox:8099", "Service sandbox has no port 8099" },
        { Sandbox, "image: do-snapshot-planner:latest", "image: do-snapshot-plan:latest", "planner: the Dockerfile has no target plan" },
        { Sandbox, "image: do-snapshot-planner:latest", "image: do-snapshot-planner", "planner: image do-snapshot-planner has no tag" },
        { Sandbox, "image: postgres:17-alpine", "image: postgres:16-alpine", "postgres: image postgres:16-alpine is another" },
        { Production, "do-snapshot-planner:0.1.0", "do-snapshot-planner:latest", "says no version" },
        { Autoscaled, @"(?<head>scaleTargetRef:\n( +.*\n){2} +name: )pruner-worker", "${head}pruner", "there is no such Deployment" },
        { Autoscaled, "queueName: pruner-worker", "queueName: snapshot-worker", "ScaledObject pruner-worker: snapshot-worker is not its workers' queue" },
        { Autoscaled, @"(?<head>authenticationRef:\n +name: )do-snapshot-bus", "${head}bus", "no TriggerAuthentication bus" },
        { Autoscaled, @"key: uri(?<rest>\n +name: do-snapshot-bus\n +parameter)", "key: url${rest}", "there is no key url" },
        { Observed, @"(?<head>kind: PodMonitor\n(.*\n)*? +- )planner\n", "${head}planer\n", "PodMonitor do-snapshot: planner is not read" },
        { Observed, @"(?<head>kind: PodMonitor\n(.*\n)*? +port: )http\n", "${head}web\n", "PodMonitor do-snapshot: planner has no port web" },
        { Observed, "targetLabel: service", "targetLabel: app", "PodMonitor do-snapshot: it does not say which service a pod is of" },
        { Observed, "jobLabel: app.kubernetes.io/part-of", "jobLabel: app.kubernetes.io/name", "no alert goes by job 'planner' of planner" },
    };

    public static TheoryData<string, string, string, string> Running => new()
    {
        { Production, @" +readinessProbe:\n( {10,}.*\n)+", "", "api: no readiness probe" },
        { Production, @"(?<head>livenessProbe:\n(.*\n){1,3}? +path: )/health/live", "${head}/health/ready", "its liveness probe asks /health/ready" },
        { Production, @"(?<head>readinessProbe:\n(.*\n){1,8}? +timeoutSeconds: )6", "${head}1", "gives up before the service does" },
        { Production, @" +limits:\n +memory: 768Mi\n", "", "planner: requests of cpu and memory, and a limit of memory are wanted" },
        { Production, "memory: 768Mi", "memory: 7Mi", "planner: it asks for more memory than its limit" },
        { Production, "runAsNonRoot: true", "runAsNonRoot: false", "runAsNonRoot, a user and seccomp's default are wanted" },
        { Production, "type: RuntimeDefault", "type: Unconfined", "runAsNonRoot, a user and seccomp's default are wanted" },
        { Production, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "no escalation, no capability and a read-only root are wanted" },
        { Production, "- ALL\n", "- KILL\n", "no escalation, no capability and a read-only root are wanted" },
        { Production, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "no escalation, no capability and a read-only root are wanted" },
        { Sandbox, @"emptyDir: \{\}", "hostPath: { path: /var/run }", "it has a part of its node" },
        { Production, "      automountServiceAccountToken: false", "      automountServiceAccountToken: true", "it has a token of the cluster" },
        { Production, "\nautomountServiceAccountToken: false\n", "\nautomountServiceAccountToken: true\n", "ServiceAccount api gives its token to pods" },
        { Production, @"(?<head>kind: PodDisruptionBudget\nmetadata:\n(  .*\n)+?  name: planner\n(  .*\n)+spec:\n(  .*\n)+?) +app.kubernetes.io/name: planner", "${head}      app.kubernetes.io/name: api", "planner: no PodDisruptionBudget" },
        { Production, "unhealthyPodEvictionPolicy: AlwaysAllow", "unhealthyPodEvictionPolicy: IfHealthyBudget", "its PodDisruptionBudget may keep a node from being drained" },
        { Production, "maxUnavailable: 1", "minAvailable: 2", "its PodDisruptionBudget may keep a node from being drained" },
        { Sandbox, "fsGroupChangePolicy: OnRootMismatch", "fsGroupChangePolicy: Always", "each mount changes the rights of its files" },
        { Production, @" +topologySpreadConstraints:\n( {6,}.*\n)+?(?= {6}volumes)", "", "api: nothing spreads it over nodes" },
        { Production, "terminationGracePeriodSeconds: 20", "terminationGracePeriodSeconds: 5", "it is killed before it may have ended" },
        { Production, "enforce: restricted", "enforce: baseline", "Namespace do-snapshot does not enforce 'restricted'" },
        { Production, @"name: api\n  namespace: do-snapshot", "name: api\n  namespace: default", "is in no namespace of these" },
        { Production, "name: Plans__File", "name: Plans__Fil", "no document tells of the setting Plans__Fil" },
        { Sandbox, "Planner__ReconcileEvery", "Planner__CompareEvery", "no document tells of the setting Planner__CompareEvery" },
        { Production, @"(?<head>- name: Platform__BusUri)File(?<tail>\n +value: ).*\n", "${head}${tail}amqp://a:b@bus.example:5672\n", "Platform__BusUri is written out" },
        { Production, @"- name: Platform__BusUriFile\n(?<indent> +)value: .*\n", "- name: Platform__BusUri\n${indent}valueFrom:\n${indent}  secretKeyRef:\n${indent}    key: uri\n${indent}    name: do-snapshot-bus\n", "Platform__BusUri has a secret in the environment" },
        { Production, "automountServiceAccountToken: false\nkind: ServiceAccount", "kind: Secret", "Secret api is among what is applied" },
    };

    public static TheoryData<string, string, string, string> Reaching => new()
    {
        { Sandbox, @"podSelector: \{\}\n  policyTypes:\n  - Ingress\n  - Egress", "podSelector: {}\n  policyTypes:\n  - Ingress", "there is no default deny" },
        { Sandbox, @"(?<head>name: rabbitmq\n  namespace: do-snapshot\nspec:\n  ingress:\n(.*\n){11}    - port: )5672", "${head}5671", "it is not so that planner reaches rabbitmq:5672" },
        { Sandbox, @"(?<head>values:\n(          - .*\n)+?)          - schema\n", "${head}          - rabbitmq\n", "it is not so that schema reaches postgres:5432" },
        { Sandbox, "          - pruner-worker\n", "          - pruner\n", "there are no pods pruner" },
        { Sandbox, "- port: http", "- port: web", "not all of its pods listen on web" },
        { Production, @"- api\n(?<tail>(.*\n)*?  - Egress\n)", "- gone\n${tail}", "there are no pods gone" },
        { Production, "- 10.0.0.0/8\n", "- 10.0.0.0/9\n", "leads to 10.0.0.0/8 as well" },
        { Production, "- port: 443", "- port: 80", "leads to more than HTTPS" },
        { Production, @"(?<head>name: to-digitalocean\n(.*\n)*?      - planner\n)", "${head}      - api\n", "the way to DigitalOcean is open for api, planner" },
        { Production, @"(?<head>name: to-bus\n(.*\n)*?      - planner\n)", "${head}      - api\n", "port 5671 is open for api, planner" },
        { Observed, @"(?<head>name: to-mail\n(.*\n)*? +app.kubernetes.io/name: )planner\n", "${head}api\n", "the way to a mail server is open for api" },
        { Command, "- port: 443", "- port: 80", "leads to more than HTTPS" },
        { Command, "- 10.0.0.0/8\n", "- 10.0.0.0/9\n", "leads to 10.0.0.0/8 as well" },
        { Command, "- port: 53\n", "- port: 5353\n", "snapshot-droplets reaches ports 443, 53, 5353" },
        { Command, "  - Ingress\n", "", "snapshot-droplets can be reached" },
        { Command, "  - Egress\n", "", "snapshot-droplets reaches everything" },
        { Command, @"(?<head>podSelector:\n +matchLabels:\n +app.kubernetes.io/name: )snapshot-droplets", "${head}snapshots", "there are no pods snapshots" },
        { Observed, "- port: 587", "- port: 25", "NetworkPolicy to-mail leads to more than HTTPS and mail" },
        { Observed, @"(?<head>name: to-collector\n(.*\n)*?      - planner\n)", "${head}      - schema\n", "port 4317 is open for api, dashboard, planner, pruner-worker, schema" },
    };

    [Theory]
    [MemberData(nameof(Referring))]
    public void What_is_not_there_is_told(string name, string there, string planted, string said) => Told(References.Faults, name, there, planted, said);

    [Theory]
    [MemberData(nameof(Running))]
    public void What_a_pod_lacks_is_told(string name, string there, string planted, string said) => Told(Pods.Faults, name, there, planted, said);

    [Theory]
    [MemberData(nameof(Reaching))]
    public void A_way_that_is_open_or_shut_by_mistake_is_told(string name, string there, string planted, string said) => Told(Network.Faults, name, there, planted, said);

    [Theory]
    [InlineData("containerPort: 8080", "containerPort: 8080\n          hostprot: 80")]
    [InlineData("replicas: 2", "replicas: 2\n  replicas: 3")]
    [InlineData("minReplicaCount: 2", "minReplicas: 2")]
    [InlineData("cidr: 0.0.0.0/0", "cdir: 0.0.0.0/0")]
    public void A_member_that_there_is_not_is_refused(string there, string planted) =>
        Assert.ThrowsAny<YamlException>(() => Manifest.Read(Autoscaled, Planted(Autoscaled, there, planted)));

    [Theory]
    [InlineData("value: /etc/do-snapshot/plans.yaml", "value: true")]
    [InlineData("value: \"50\"", "value: 50")]
    public void A_value_of_another_type_is_refused(string there, string planted) =>
        Assert.ThrowsAny<JsonException>(() => Manifest.Read(Autoscaled, Planted(Autoscaled, there, planted)));

    private static void Told(Func<Manifest, IEnumerable<string>> rule, string name, string there, string planted, string said) =>
        Assert.Contains(rule(Manifest.Read(name, Planted(name, there, planted))), fault => fault.Contains(said, StringComparison.Ordinal));

    private static string Planted(string name, string there, string planted)
    {
        var text = Rendered.Text(name);
        var changed = new Regex(there, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Replace(text, planted, 1);
        Assert.NotEqual(text, changed);
        return changed;
    }
}
