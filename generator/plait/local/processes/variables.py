"""The environment of a function's process: what its pod would get, with the values looked up here.

The pod's variables are the generator's own (`plait.resources`, `plait.platforms`), so an environment's
overrides mean the same here as on the cluster. A reference to a Secret or ConfigMap is looked up in the
shell's variables, then in `.env`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plait import resources
from plait.edits import get, pod_spec
from plait.flow import Flow
from plait.platforms import adjusted
from plait.resources.pod import CODE
from plait.spec.environment import Environment

# What a process needs of the machine it runs on. Nothing else of the shell's: a function that works here
# because of a variable of its author's would not work in its pod.
_MACHINE = {"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_CACHE_HOME"}
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
_AUTHORITIES = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}
_NPM = {"NPM_CONFIG_REGISTRY", "NPM_CONFIG_CACHE", "NPM_CONFIG_USERCONFIG"}
INHERITED = frozenset(_MACHINE | _PROXIES | _AUTHORITIES | _NPM)
_UNFIT = re.compile(r"[^A-Z0-9]")
_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")


@dataclass(frozen=True)
class Values:
    """Where references are looked up. The shell goes before the file, as with docker compose.

    Attributes:
        shell: the variables that plait was started with.
        file: those of `.env`.
    """

    shell: Mapping[str, str] = field(default_factory=dict, repr=False)
    file: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, names: tuple[str, ...]) -> str | None:
        """The value of the first of the names that has one, or None."""
        places = [(place, name) for name in names for place in (self.shell, self.file)]
        return next((place[name] for place, name in places if name in place), None)

    def inherited(self) -> dict[str, str]:
        """What every process gets of the shell's variables."""
        return {
            name: value
            for name, value in self.shell.items()
            if name.upper() in INHERITED or name.startswith("LC_")
        }


@dataclass(frozen=True)
class Reference:
    """A variable whose value is in a Secret or a ConfigMap.

    Attributes:
        kind: "Secret" or "ConfigMap".
        name, key: the object and the key in it.
    """

    kind: str
    name: str
    key: str

    def names(self, variable: str) -> tuple[str, ...]:
        """Where its value is looked for: `OBJECT_KEY` (payment, token: PAYMENT_TOKEN), then the variable."""
        return _UNFIT.sub("_", f"{self.name}_{self.key}".upper()), variable


@dataclass(frozen=True)
class Resolved:
    """The variables of one function.

    Attributes:
        variables: name to value, in the pod's order.
        secrets: the values that come from Secrets.
        missing: the variables whose reference has no value here.
    """

    variables: Mapping[str, str] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)
    missing: Mapping[str, Reference]


def of_pod(flow: Flow, name: str, environment: Environment | None) -> list[dict[str, Any]]:
    """The `env` of a function's container, with the environment's overrides."""
    objects = resources.of_function(flow, name)
    items = adjusted(objects, flow, environment, name) if environment else objects
    (container,) = (get(item, *path, "containers", 0) for item, path in _workloads(items))
    return [*container.get("env", []), *_of_knative(flow, name)]


def _workloads(items: Mapping[str, Any]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for item in items.values():
        if item and (path := pod_spec(item)):
            yield item, path


def _of_knative(flow: Flow, name: str) -> list[dict[str, Any]]:
    """What Knative Serving adds (its runtime contract, section "Process")."""
    if flow.functions[name].serving != "knative":
        return []
    own = {"K_SERVICE": name, "K_CONFIGURATION": name, "K_REVISION": f"{name}-00001"}
    return [{"name": key, "value": value} for key, value in own.items()]


def resolve(entries: list[dict[str, Any]], values: Values, folder: Path) -> Resolved:
    """The values of a container's variables on this machine.

    Args:
        entries: the container's `env`.
        values: where references are looked up.
        folder: the source folder, which stands for /function of the image.
    """
    found: dict[str, str] = {}
    secrets: set[str] = set()
    missing: dict[str, Reference] = {}
    for entry in entries:
        name = entry["name"]
        reference = _reference(entry)
        value = values.get(reference.names(name)) if reference else _text(entry, folder, found)
        if value is None:
            assert reference
            missing[name] = reference
            continue
        found[name] = value
        if reference and reference.kind == "Secret":
            secrets.add(value)
    return Resolved(found, frozenset(secrets), missing)


def _reference(entry: Mapping[str, Any]) -> Reference | None:
    kinds = {"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}
    source = entry.get("valueFrom", {})
    return next((Reference(kinds[kind], **place) for kind, place in source.items()), None)


def _text(entry: Mapping[str, Any], folder: Path, before: Mapping[str, str]) -> str:
    value = expanded(entry["value"], before)
    if entry["name"] == "MODULE_PATH" and value.startswith(f"{CODE}/"):
        return str(folder / value.removeprefix(f"{CODE}/"))
    return value


def expanded(text: str, before: Mapping[str, str]) -> str:
    """`$(NAME)` replaced by the value of a variable before it, `$$` by `$`, as the kubelet does.

    An unknown name stays as it is (Kubernetes, "Define Dependent Environment Variables").
    """
    return _REFERENCE.sub(lambda match: _referred(match, before), text)


def _referred(match: re.Match[str], before: Mapping[str, str]) -> str:
    return "$" if match[1] is None else before.get(match[1], match[0])
