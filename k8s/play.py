"""Turns the objects of an overlay into what `podman kube play` can play; k8s/play calls it.

Standard input: the objects as JSON, one after the other. Arguments: the folder to write to, the name that begins all names, and the ports to forward, each
as PORT:SERVICE. Written are, for each pod, POD.yaml (what is played), POD.network (its names in the network), POD.ports (what is published) and POD.ready (how
each container is asked whether it is ready), and the pods' names, in the objects' order, to `pods`.

A pod stays as it is written but for the changes that bear a number here. Each is there since podman (5.4) would refuse the pod, or run it otherwise than a
cluster does.
"""
import base64
import json
import os
import sys

PODS_OF = {  # where the kinds that make pods have the pod's template
    "Deployment": lambda o: o["spec"]["template"],
    "StatefulSet": lambda o: o["spec"]["template"],
    "Job": lambda o: o["spec"]["template"],
    "CronJob": lambda o: o["spec"]["jobTemplate"]["spec"]["template"],
    "Pod": lambda o: o,
}
USED = [*PODS_OF, "Service", "Secret", "ConfigMap", "PersistentVolumeClaim"]


def fail(text):
    sys.exit(f"k8s/play: {text}")


def read(text):
    decoder, objects = json.JSONDecoder(), []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        objects += value.get("items", [value])
        text = text[end:]
    return objects


class Overlay:
    def __init__(self, objects, prefix):
        self.objects, self.prefix = objects, prefix

    def named(self, kind, name, optional=False):
        found = [o for o in self.objects if o["kind"] == kind and o["metadata"]["name"] == name]
        if not found and not optional:
            fail(f"there is no {kind} {name}. Give it behind what kubectl rendered: k8s/play -")
        return found[0] if found else {}

    def data(self, kind, name, optional=False):
        """What a Secret or a ConfigMap has, each value in base64."""
        held = self.named(kind, name, optional)
        coded = dict(held.get("binaryData") or {})
        plain = dict(held.get("stringData") or {})
        (coded if kind == "Secret" else plain).update(held.get("data") or {})
        # kustomize folds base64 over lines.
        result = {key: "".join(value.split()) for key, value in coded.items()}
        return result | {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}

    def files(self, volume):
        """The files of a volume of Secrets or ConfigMaps, as path: (base64, mode)."""
        whole = volume.get("projected") or {}
        sources = whole.get("sources") or [{key: volume[key] for key in ("secret", "configMap") if key in volume}]
        result = {}
        for key, source in ((key, source) for one in sources for key, source in one.items()):
            kind = {"secret": "Secret", "configMap": "ConfigMap"}.get(key) or fail(f"volume {volume['name']}: podman cannot project a {key}")
            has = self.data(kind, source.get("name") or source.get("secretName"), source.get("optional", False))
            mode = source.get("defaultMode", whole.get("defaultMode", 0o644))
            for item in source.get("items") or [{"key": name, "path": name} for name in has]:
                if item["key"] not in has:
                    fail(f"volume {volume['name']}: {kind} {source.get('name') or source.get('secretName')} has no {item['key']}")
                result[item["path"]] = has[item["key"]], item.get("mode", mode)
        return result

    def services(self, labels):
        return [o for o in self.objects if o["kind"] == "Service" and (chosen := o["spec"].get("selector")) and chosen.items() <= labels.items()]


def secret(name, data):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": data}


def playable(overlay, workload):
    """The documents to play for a workload, and the pod itself, which is the last of them."""
    name, template = workload["metadata"]["name"], PODS_OF[workload["kind"]](workload)
    spec, documents = template["spec"], []
    containers = spec.get("initContainers", []) + spec["containers"]

    def own(thing):
        return f"{overlay.prefix}.{name}.{thing}"

    # 1. The pod of the template is played, one for each workload: podman knows no StatefulSet and no CronJob, and of a Deployment one pod. Its name begins with
    #    the network's, as podman knows no namespaces.
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": spec}
    pod["metadata"] = {"name": f"{overlay.prefix}-{name}", "labels": template["metadata"].get("labels", {})}

    # 2. A Job's pod that fails is run again, which would be the Job's matter. A CronJob's runs once.
    if workload["kind"] == "Job" and spec.get("restartPolicy") == "Never":
        spec["restartPolicy"] = "OnFailure"

    # 3. A pod that does not say how long it has to end has 30 seconds, which is the cluster's default and not podman's.
    spec.setdefault("terminationGracePeriodSeconds", 30)

    # 4. A StatefulSet's claims are the pod's own.
    for claim in workload["spec"].get("volumeClaimTemplates", []):
        documents.append({"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim, "metadata": {"name": own(claim["metadata"]["name"])}})
        spec.setdefault("volumes", []).append({"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": own(claim["metadata"]["name"])}})

    for volume in spec.get("volumes", []):
        as_written = volume["name"]
        if volume.keys() & {"secret", "configMap", "projected"}:
            # 5. Podman has no projected volumes, and one volume for all pods that show the same Secret, whatever keys each shows: each volume becomes one of
            #    a Secret of its own. Podman gives these files to root, whatever fsGroup says: they are everybody's to read, within this pod.
            files = overlay.files(volume)
            keys = {path: path.replace("/", "_") for path in files}
            documents.append(secret(own(as_written), {keys[path]: value for path, (value, _) in files.items()}))
            items = [{"key": keys[path], "path": path, "mode": mode | 0o444} for path, (_, mode) in files.items()]
            modes = {item.pop("mode") for item in items}
            if len(modes) > 1:
                fail(f"volume {as_written} of {name}: podman knows one mode for all files of a volume")
            volume.clear()
            volume["secret"] = {"secretName": own(as_written), "defaultMode": modes.pop() if modes else 0o444, "items": items}
        elif "persistentVolumeClaim" in volume and not volume["persistentVolumeClaim"]["claimName"].startswith(own("")):
            # 6. A claim's name is the machine's, not a namespace's.
            claim = overlay.named("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
            volume["persistentVolumeClaim"]["claimName"] = own(as_written)
            documents.append({**claim, "metadata": {"name": own(as_written)}})
        # 7. So is an emptyDir's, which all pods with one of this name would share.
        volume["name"] = own(as_written)
        for mount in (mount for container in containers for mount in container.get("volumeMounts", []) if mount["name"] == as_written):
            mount["name"] = volume["name"]

    for container in containers:
        # 8. Secrets and ConfigMaps of the environment go with the pod, as podman removes a Secret with the first pod that was played with it.
        sources = [entry["valueFrom"] for entry in container.get("env", []) if "valueFrom" in entry] + container.get("envFrom", [])
        for key, kind in (("secretKeyRef", "Secret"), ("secretRef", "Secret"), ("configMapKeyRef", "ConfigMap"), ("configMapRef", "ConfigMap")):
            for reference in (source[key] for source in sources if key in source):
                held = overlay.named(kind, reference["name"], reference.get("optional", False))
                reference["name"] = own(reference["name"]) if kind == "Secret" else reference["name"]
                if held and all(d["metadata"]["name"] != reference["name"] or d["kind"] != kind for d in documents):
                    documents.append({**held, "metadata": {"name": reference["name"]}})
        # 9. Podman asks by curl or nc, within the container, where the kubelet asks from without: images without these would be started anew for ever. The
        #    readiness probe, which podman does not know, is asked by k8s/play, with the image's own health check for what is asked by HTTP.
        for probe in ("startupProbe", "livenessProbe"):
            if "exec" not in container.get(probe, {"exec": None}):
                del container[probe]
    return [*documents, pod]


def network(overlay, name, pod):
    """10. Services become names of the pod in the network: podman has none."""
    ports = {port.get("name", port["containerPort"]): port["containerPort"] for c in pod["spec"]["containers"] for port in c.get("ports", [])}
    aliases = {}
    for service in overlay.services(pod["metadata"]["labels"]):
        for port in service["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            if ports.get(target, target) != port["port"]:
                fail(f"Service {service['metadata']['name']}: port {port['port']} is another one in {name}, and podman has no Services between them")
            aliases.setdefault(service["metadata"]["name"], port["port"])
    return aliases


def ready(container):
    """What is run in a container to ask whether it is ready: a command, `image` for the image's own health check, or nothing."""
    probe = container.get("readinessProbe")
    return None if probe is None else probe.get("exec", {}).get("command", "image")


def main():
    folder, prefix, *forwards = sys.argv[1:]
    objects = read(sys.stdin.read())
    overlay = Overlay(objects, prefix)
    published = dict(reversed(one.split(":")) for one in forwards)

    def write(name, text):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    pods = []
    for workload in (o for o in objects if o["kind"] in PODS_OF):
        if workload["kind"] in ("Deployment", "StatefulSet") and workload["spec"].get("replicas", 1) == 0:
            continue
        name = workload["metadata"]["name"]
        documents = playable(overlay, workload)
        aliases = network(overlay, name, documents[-1])
        pods.append(name)
        write(f"{name}.yaml", "".join(f"---\n{json.dumps(document, indent=2)}\n" for document in documents))
        write(f"{name}.network", "".join(f":alias={alias}" if i == 0 else f",alias={alias}" for i, alias in enumerate(aliases)))
        write(f"{name}.ports", "".join(f"127.0.0.1:{published[alias]}:{port}\n" for alias, port in aliases.items() if alias in published))
        once = workload["kind"] in ("Job", "CronJob")
        asked = [[c["name"], "ended" if once else ready(c)] for c in documents[-1]["spec"]["containers"]]
        write(f"{name}.ready", "".join(f"{container}\t{json.dumps(how)}\n" for container, how in asked))
    if not pods:
        fail("no object makes a pod")
    write("pods", "".join(f"{name}\n" for name in pods))

    others = [o["kind"] for o in objects if o["kind"] not in USED]
    if others:
        print("podman has nothing like them, left out: " + ", ".join(f"{others.count(kind)} {kind}" for kind in sorted(set(others))), file=sys.stderr)


main()
