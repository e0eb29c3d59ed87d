"""A container's probes -> probes of a function."""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get
from plait.importing.entry import Entry
from plait.importing.model import Steps, Workload
from plait.importing.part import Part
from plait.importing.ports import resolved
from plait.importing.refusal import refusal
from plait.spec.function import Probe

_TIMES = {
    "initialDelaySeconds": "initialDelay",
    "periodSeconds": "period",
    "timeoutSeconds": "timeout",
    "failureThreshold": "failureThreshold",
}


def probes(entry: Entry, workload: Workload, part: Part, names: dict[Any, Any]) -> None:
    """The three probes.

    A Deployment's container without a readiness probe stays without one: plait's own would connect to a
    port, and what does not answer there gets no events.

    Args:
        names: the container's ports, name to number.
    """
    found: dict[str, Any] = {}
    for kind in ("liveness", "readiness", "startup"):
        given = part.take(f"{kind}Probe", dict)
        path = (*part.path, f"{kind}Probe")
        if given is not None and not _is_default(kind, given, workload, names):
            probe = _probe(entry, workload, given, path, names)
            found |= {kind: probe} if probe else {}
        elif given is None and kind == "readiness" and not workload.knative:
            found[kind] = False
            entry.comment(
                "there was none; without this line plait's own, which connects to the port", "probes", kind
            )
    if found:
        entry.put("probes", found, workload.main, part.path)


def _is_default(kind: str, given: Object, workload: Workload, names: dict[Any, Any]) -> bool:
    """Whether it is the one that plait writes for a container without probes."""
    target = resolved(get(given, "tcpSocket", "port"), names)
    bare = given.keys() == {"tcpSocket"} and given["tcpSocket"].keys() == {"port"}
    return kind == "readiness" and not workload.knative and bare and target == workload.port


def _probe(
    entry: Entry, workload: Workload, given: Object, path: Steps, names: dict[Any, Any]
) -> Object | None:
    item, http = workload.main, given.get("httpGet")
    if not isinstance(http, dict) or not http.keys() <= {"path", "port"}:
        entry.report.leave(item, "probe", path)
        return None
    port = resolved(http.get("port"), names) if http.get("port") else workload.port
    if port is None:
        entry.report.leave(item, "probe-port", path)
        return None
    probe = {"path": http.get("path", "/"), **({"port": port} if port != workload.port else {})}
    probe |= {field: given[key] for key, field in _TIMES.items() if key in given}
    if why := refusal(Probe, probe):
        entry.report.leave(item, "refused", path, why=why)
        return None
    for key in given.keys() - _TIMES.keys() - {"httpGet"}:
        entry.report.leave(item, "probe", (*path, key))
    return probe
