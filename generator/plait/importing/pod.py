"""A workload's pod -> fields of a function."""

from __future__ import annotations

from typing import Any

from plait.edits import get
from plait.importing import security
from plait.importing.entry import Entry
from plait.importing.model import Manifest, Workload
from plait.importing.part import Part, list_steps
from plait.importing.ports import DEFAULT_PORT, port_names, resolved
from plait.importing.probes import probes
from plait.resources.pod import DEFAULT_TIMEOUT, GRACE
from plait.spec.function import Function
from plait.spec.function_rules import reserved_variables
from plait.spec.image import Image


def of_pod(entry: Entry, workload: Workload, pod: Part, platform: str) -> None:
    """Everything of a pod's spec; the Part then has what is left."""
    containers = pod.parts("containers")
    main = containers[workload.container]
    others = [part for part in containers if part is not main]
    for part in others:
        entry.report.leave(workload.main, "sidecar", part.path)
        part.forget()
    if others:
        entry.comment(
            f"the container {main.path[-1][1:-1]} of {len(containers)}; functions.yaml has no others"
        )
    if platform == "minikube":
        main.drop({"imagePullPolicy": "IfNotPresent"})
    of_container(entry, workload, main)
    _account(entry, workload, pod)
    pod.drop({"enableServiceLinks": False, "securityContext": security.POD})
    _times(entry, workload, pod)


def of_container(entry: Entry, workload: Workload, part: Part) -> None:
    """The container of the function."""
    item, names = (
        workload.main,
        port_names(workload.main.get("spec", "template", "spec", "containers", workload.container)),
    )
    part.take("name", str)
    image = part.take("image", str) or ""
    if entry.put("image", image, item, (*part.path, "image")) and Image.parse(image).version is None:
        entry.comment(
            "neither tag nor digest: name a version, so that it can be released and promoted", "image"
        )
    if workload.port != DEFAULT_PORT:
        entry.put("container", {"port": workload.port}, item, (*part.path, "ports"))
    _ports(entry, workload, part)
    _environment(entry, workload, part)
    _resources(entry, workload, part)
    probes(entry, workload, part, names)
    part.drop({"securityContext": {**security.CONTAINER, **(security.POD if workload.knative else {})}})


def _ports(entry: Entry, workload: Workload, part: Part) -> None:
    ports = part.take("ports", list) or []
    numbers = {resolved(get(port, "containerPort"), {}) for port in ports}
    if numbers - {workload.port}:
        entry.report.leave(workload.main, "ports", (*part.path, "ports"), port=workload.port)
    if any(get(port, "name") == "h2c" for port in ports):
        entry.report.leave(workload.main, "protocol", (*part.path, "ports"))


def _environment(entry: Entry, workload: Workload, part: Part) -> None:
    variables = part.take("env", list) or []
    for variable, step in zip(variables, list_steps(variables), strict=True):
        _variable(entry, workload.main, variable, (*part.path, "env", step), knative=workload.knative)


def _variable(entry: Entry, item: Manifest, variable: Any, path: tuple[str, ...], *, knative: bool) -> None:
    name, value = get(variable, "name"), _value(variable)
    like = Function(runtime="container", serving="knative" if knative else "deployment")
    reserved = reserved_variables((), [name], like)
    if not isinstance(name, str) or value is None:
        entry.report.leave(item, "env-field", path)
    elif any(reserved):
        entry.report.leave(item, "env-reserved", path, variable=name)
    else:
        entry.add("env", name, value, item, path)
        for source in ("secretKeyRef", "configMapKeyRef"):
            if get(variable, "valueFrom", source, "optional"):
                entry.report.leave(item, "env-optional", (*path, "valueFrom", source, "optional"))


def _value(variable: Any) -> Any:
    """A text, {secret: {...}} or {configMap: {...}}; None for what functions.yaml does not know."""
    if isinstance(text := get(variable, "value"), str):
        return text
    for kind, source in (("secret", "secretKeyRef"), ("configMap", "configMapKeyRef")):
        found = get(variable, "valueFrom", source)
        if isinstance(found, dict):
            return {kind: {key: found.get(key) for key in ("name", "key")}}
    return None


def _resources(entry: Entry, workload: Workload, part: Part) -> None:
    """Without any, the function has none either: a default limit might end a container that ran well."""
    below = part.part("resources")
    kinds = {kind: found for kind in ("requests", "limits") if (found := below.take(kind, dict))}
    if entry.put("resources", kinds, workload.main, below.path) and not kinds:
        entry.comment(
            "none were set; without this line: plait's small default, with a memory limit", "resources"
        )


def _account(entry: Entry, workload: Workload, pod: Part) -> None:
    item, path = workload.main, pod.path
    name = pod.take("serviceAccountName", str)
    secrets = [get(secret, "name") for secret in pod.take("imagePullSecrets", list) or []]
    if account := workload.account:
        secrets += [get(secret, "name") for secret in account.get("imagePullSecrets")]
        if account.name == "default":
            entry.comment("the default service account's", "imagePullSecrets")
        else:
            name = None
    if secrets:
        entry.put("imagePullSecrets", secrets, item, (*path, "imagePullSecrets"))
    if name:
        entry.put("serviceAccount", name, item, (*path, "serviceAccountName"))
    if pod.take("automountServiceAccountToken", bool) is False and name:
        entry.report.leave(item, "automount", (*path, "automountServiceAccountToken"))


def _times(entry: Entry, workload: Workload, pod: Part) -> None:
    item = workload.main
    if workload.knative:
        for key, field in (("timeoutSeconds", "timeout"), ("containerConcurrency", "concurrency")):
            if (number := pod.take(key, int)) is not None:
                entry.put(field, number, item, (*pod.path, key))
        return
    at = "terminationGracePeriodSeconds"
    grace = pod.take(at, int)
    if grace is not None and grace <= GRACE:
        entry.report.leave(item, "grace", (*pod.path, at))
    elif grace not in (None, DEFAULT_TIMEOUT + GRACE):
        assert grace is not None
        if entry.put("timeout", grace - GRACE, item, (*pod.path, at)):
            entry.comment(f"{at} was {grace}: plait makes it the timeout and {GRACE}", "timeout")
