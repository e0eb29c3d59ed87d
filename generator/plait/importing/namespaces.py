"""Which namespace an import is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plait.errors import PlaitError, nearest
from plait.importing.model import Manifest, Report
from plait.importing.modern import is_known
from plait.importing.refusal import refusal
from plait.spec.environment import Namespace

_WORKLOADS = ("Deployment", "Service")


def chosen(items: Sequence[Manifest], wanted: str | None) -> str:
    """`_chosen`, where it is a namespace's name. Raises PlaitError, exit code 2."""
    name = _chosen(items, wanted)
    if why := refusal(Namespace, {"name": name}):
        raise PlaitError(why, where="namespace", exit_code=2)
    return name


def _chosen(items: Sequence[Manifest], wanted: str | None) -> str:
    """The wanted namespace, else the only one.

    The workloads' own decide, then those of other objects, then the Namespaces.

    Raises:
        PlaitError: there are several and none is wanted; there is none; the wanted one is not there. Exit
            code 2.
    """
    known = [item for item in items if is_known(item)]
    every = {item.namespace for item in known} | {item.name for item in known if item.kind == "Namespace"}
    names = sorted(filter(None, every))
    if wanted is not None:
        if names and wanted not in names:
            hint = nearest(wanted, names) or f"they hold {', '.join(names)}"
            raise PlaitError(f"no namespace named {wanted!r} in these files", hint=hint, exit_code=2)
        return wanted
    found = _deciding(known)
    if len(found) > 1:
        listed = ", ".join(found)
        hint = f"choose one of {listed}"
        raise PlaitError(f"a functions.yaml is for one namespace; these files hold {listed}",
                         where="--namespace", hint=hint, exit_code=2)  # fmt: skip
    if not found:
        hint = "--namespace NAME says where the objects are"
        raise PlaitError("no object of these files names its namespace", hint=hint, exit_code=2)
    return found[0]


def _deciding(known: Sequence[Manifest]) -> list[str]:
    workloads = [item.namespace for item in known if item.kind in _WORKLOADS and item.namespace]
    others = [item.namespace for item in known if item.namespace]
    declared = [item.name for item in known if item.kind == "Namespace"]
    return sorted({*(workloads or others or declared)})


def inside(items: Iterable[Manifest], namespace: str, report: Report) -> list[Manifest]:
    """The objects of the namespace, and those that name none; the others are left."""
    found = []
    for item in items:
        own = item.name if item.is_a("", "Namespace") else item.namespace
        if own in (None, namespace):
            found.append(item)
        else:
            report.leave(item, "other-namespace", namespace=own)
    return found
