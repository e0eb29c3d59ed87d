"""Ports of containers and Services, by number and by name."""

from __future__ import annotations

from typing import Any

from plait.edits import Object
from plait.importing.model import Manifest

DEFAULT_PORT = 8080
DEFAULT_SERVICE_PORT = 80
_MOST = 2**16 - 1


def resolved(target: Any, names: dict[Any, Any]) -> int | None:
    """A port's number: its own, or that of the container's port of this name; None for no port."""
    number = (
        names.get(target, int(target) if target.isdecimal() else None) if isinstance(target, str) else target
    )
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 < number <= _MOST
    return number if fits else None


def port_names(container: Object) -> dict[Any, Any]:
    """The container's ports: name to number."""
    return {port["name"]: port.get("containerPort") for port in container.get("ports", []) if "name" in port}


def port_of(container: Object, service: Manifest | None) -> int:
    """What a container listens on: where its Service sends, else its first port, else 8080."""
    by_service = resolved(_target(service), port_names(container))
    own = (resolved(port.get("containerPort"), {}) for port in container.get("ports", []))
    return by_service or next(filter(None, own), None) or DEFAULT_PORT


def is_served(container: Object, service: Manifest | None) -> bool:
    """Whether the container has the port that a Service sends to."""
    number = resolved(_target(service), port_names(container))
    own = [resolved(port.get("containerPort"), {}) for port in container.get("ports", [])]
    return number is not None and number in own


def _target(service: Manifest | None) -> int | str | None:
    """Where a Service sends what it gets on port 80, or on its first port."""
    ports = service.get("spec", "ports") if service else None
    if not ports:
        return None
    entry = next((port for port in ports if port["port"] == DEFAULT_SERVICE_PORT), ports[0])
    found: int | str = entry.get("targetPort", entry["port"])
    return found


def also(ports: list[Object], own: int) -> list[Object]:
    """A container's other ports: as they are, but `http` is the name of its own, and the node's stay free."""
    others = [port for port in ports if resolved(port.get("containerPort"), {}) not in (own, None)]
    return [{key: value for key, value in _freed(port).items() if key != "hostPort"} for port in others]


def _freed(port: Object) -> Object:
    return {**port, "name": f"http-{port['containerPort']}"} if port.get("name") == "http" else port
