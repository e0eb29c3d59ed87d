"""Literals that look like secrets: plait takes secrets by reference only.

The rules for values are those of detect-secrets, but for its guesses by entropy; besides, a name such as
PASSWORD tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from plait.findings.model import Finding, Location
from plait.flow import Flow
from plait.spec.function import Env

_WORDS = ("password", "passwd", "secret", "token", "apikey", "api_key", "private_key", "credential")
_HINT = "put it into a Secret and write {secret: {name: ..., key: ...}}"
_NOT_SECRET = frozenset({"Public IP (ipv4)"})


def secrets(flow: Flow) -> Iterator[Finding]:
    """Each variable of a function, and each of an environment's own."""
    for name, function in flow.functions.items():
        yield from _plain(("spec", "functions", name, "env"), function.env)
    for name, environment in flow.environments.items():
        for function_name, override in environment.functions.items():
            at: Location = ("spec", "environments", name, "functions", function_name, "env")
            yield from _plain(at, override.env)


def _plain(at: Location, env: Env) -> Iterator[Finding]:
    for key, source in env.items():
        if not source.value:
            continue
        kind = "a secret" if any(word in key.lower() for word in _WORDS) else _kind(source.value)
        if kind:
            yield Finding("secret", (*at, key), f"{key} looks like {kind} in plain text", _HINT)


def _kind(value: str) -> str | None:
    """What detect-secrets takes it for."""
    for detector in _detectors():
        if detector.secret_type not in _NOT_SECRET and any(detector.analyze_string(value)):
            return f"a secret ({detector.secret_type})"
    return None


@cache
def _detectors() -> list[Any]:
    from detect_secrets.core.plugins.util import (  # noqa: PLC0415 - takes long; most files have no plain value
        get_mapping_from_secret_type_to_class,
    )
    from detect_secrets.plugins.base import RegexBasedDetector  # noqa: PLC0415

    known: dict[str, Any] = get_mapping_from_secret_type_to_class()
    return [known[name]() for name in sorted(known) if issubclass(known[name], RegexBasedDetector)]
