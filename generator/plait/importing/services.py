"""A function's Service and its service account: what of them plait writes otherwise."""

from __future__ import annotations

from typing import Any

from plait.edits import get
from plait.importing.entry import Entry
from plait.importing.metadata import Common, of_secondary
from plait.importing.model import Workload
from plait.importing.part import Part
from plait.importing.ports import DEFAULT_SERVICE_PORT, port_names, resolved


def of_service(entry: Entry, workload: Workload, shared: Common) -> None:
    """What is left of the Service: plait's has port 80 and the function's pods."""
    item = workload.service
    if item is None:
        return
    whole = Part(item.data)
    of_secondary(entry, item, whole.part("metadata"), shared)
    spec = whole.part("spec")
    spec.take("selector", dict)
    ports = spec.take("ports", list) or []
    if len(ports) != 1 or not is_plain(ports[0], workload):
        entry.report.leave(item, "service-port", ("spec", "ports"))
    for path, _ in spec.rest():
        entry.report.leave(item, "service-type" if path[1] in ("type", "clusterIP") else "no-field", path)


def is_plain(port: Any, workload: Workload) -> bool:
    """Whether a Service's port is 80, and leads to the container's."""
    target = get(port, "targetPort") or get(port, "port")
    container = workload.main.get("spec", "template", "spec", "containers", workload.container)
    known = {"port", "targetPort", "name", "protocol"}
    leads = resolved(target, port_names(container)) == workload.port
    return get(port, "port") == DEFAULT_SERVICE_PORT and leads and port.keys() <= known


def of_account(entry: Entry, workload: Workload, shared: Common) -> None:
    """What is left of the account that carries the pull secrets; the default one may have many users."""
    item = workload.account
    if item is None:
        return
    if item.name != "default":
        of_secondary(entry, item, Part(item.data).part("metadata"), shared)
    elif not entry.report.has_left(item):
        entry.report.leave(item, "account-default")
