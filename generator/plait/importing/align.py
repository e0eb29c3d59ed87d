"""An old object under the names that plait gives: what changes of it is a name, and its reason.

After this, what differs from plait's object differs in meaning, or is an addition.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get, put
from plait.importing.changing import Changing
from plait.importing.events import Functions
from plait.importing.model import Manifest, Rewrite, Steps, Workload
from plait.importing.part import list_steps
from plait.importing.ports import DEFAULT_SERVICE_PORT, also, port_names, resolved
from plait.importing.services import is_plain

_POD: Steps = ("spec", "template", "spec")
_ACTIONS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)
_LONGEST_NAME = 15  # of a port
_NAMED = "an object of a function has the function's name"
_CONTAINER = "the container has the function's name"
_PORT = "the port has a name, http"
_REFERENCE = "the Service is named by its API; the address is the same"
_ACCOUNT = "the pull secrets are the service account's"


def aligned(item: Manifest, workload: Workload | None, functions: Functions) -> tuple[Object, list[Rewrite]]:
    """The object under its new names.

    Args:
        workload: whose object it is; None for the Namespace, the Broker and Triggers.
        functions: whom their references mean.
    """
    changing = Changing(item.data)
    for at in (("spec", "subscriber", "ref"), ("spec", "delivery", "deadLetterSink", "ref")):
        if found := functions.named(get(item.data, *at)):
            version = "serving.knative.dev/v1" if found.knative else "v1"
            changing.put((*at, "apiVersion"), version, _REFERENCE)
    if workload is not None:
        if workload.account is not item or item.name != "default":
            changing.put(("metadata", "name"), workload.function, _NAMED)
        if item is workload.main:
            _pod(changing, workload)
        elif item is workload.service:
            _service(changing, workload)
        elif item is workload.autoscaler:
            changing.put(("spec", "scaleTargetRef", "name"), workload.function, _NAMED)
    return changing.data, changing.rewrites


def _pod(changing: Changing, workload: Workload) -> None:
    containers = get(changing.data, *_POD, "containers")
    container = containers[workload.container]
    changed, rewrites = _container(container, workload)
    containers = [changed if entry is container else entry for entry in containers]
    changing.data = put(changing.data, (*_POD, "containers"), containers)
    changing.rewrites += rewrites
    _secrets(changing, workload)


def _container(container: Object, workload: Workload) -> tuple[Object, list[Rewrite]]:
    names, function = port_names(container), workload.function
    changing = Changing(container)
    changing.put(("name",), function, _CONTAINER)
    others = [] if workload.knative else also(container.get("ports", []), workload.port)
    changing.put(("ports",), [_port(workload), *others], _PORT)
    for kind in _ACTIONS:
        for how in ("httpGet", "tcpSocket"):
            if isinstance(get(container, *kind, how), dict):
                _probe(changing, (*kind, how), workload, names)
    at = (*_POD, "containers", f"[{function}]")
    found = [Rewrite((*at, *one.path), one.old, one.new, one.reason) for one in changing.rewrites]
    return changing.data, found


def _port(workload: Workload) -> Object:
    return (
        {"containerPort": workload.port}
        if workload.knative
        else {"name": "http", "containerPort": workload.port}
    )


def _probe(changing: Changing, at: Steps, workload: Workload, names: dict[Any, Any]) -> None:
    """A port by name or number; Knative's probes may leave it out, and plait's do."""
    port = get(changing.data, *at, "port")
    number = resolved(port, names) if port else workload.port
    if number == workload.port:
        changing.put((*at, "port"), None if workload.knative else "http", _PORT)
    elif number is not None:
        changing.put((*at, "port"), number, "the port by its number")
    if at[-1] == "httpGet" and get(changing.data, *at, "path") is None:
        changing.put((*at, "path"), "/", "/ is the default")


def _secrets(changing: Changing, workload: Workload) -> None:
    """Pull secrets stand in an account of the function's, unless the pod names one of its own."""
    own = get(changing.data, *_POD, "serviceAccountName")
    account = workload.account
    if own not in (None, workload.function if account else None):
        return
    if get(changing.data, *_POD, "imagePullSecrets") or account:
        changing.put((*_POD, "imagePullSecrets"), None, _ACCOUNT)
        changing.put((*_POD, "serviceAccountName"), workload.function, _ACCOUNT)


def _service(changing: Changing, workload: Workload) -> None:
    """The function's port under plait's name; others beside it keep theirs, and lead to numbers."""
    given = get(changing.data, "spec", "ports") or []
    names = port_names(workload.main.get(*_POD, "containers", workload.container))
    plain = [{"name": "http", "port": 80, "targetPort": "http"}]
    others = [_other(port, names, workload) for port in given if get(port, "port") != DEFAULT_SERVICE_PORT]
    is_there = any(is_plain(port, workload) for port in given)
    if given:
        changing.put(("spec", "ports"), [*(plain if is_there else []), *others] or given, _PORT)


def _other(port: Object, names: dict[Any, Any], workload: Workload) -> Object:
    target = resolved(port.get("targetPort", port["port"]), names)
    name = port.get("name", "http")
    named = f"{name}-{port['port']}"[:_LONGEST_NAME] if name == "http" else name
    leads = "http" if target == workload.port else target or port.get("targetPort")
    return {**port, "name": named, "targetPort": leads}


def renamed(path: Steps, item: Manifest, workload: Workload | None) -> Steps:
    """A path of the old object with the container's new name."""
    if workload is None or item is not workload.main:
        return path
    at = (*_POD, "containers")
    step = list_steps(item.get(*at))[workload.container]
    return (*at, f"[{workload.function}]", *path[5:]) if path[:5] == (*at, step) else path
