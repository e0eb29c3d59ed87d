"""Findings of functions.yaml alone."""

from __future__ import annotations

from collections.abc import Iterator

from plait.filters import always_matches, never_matches
from plait.findings.graph import loops, unfired, unheard, unused
from plait.findings.model import Finding, Location
from plait.findings.secrets import secrets
from plait.flow import Flow
from plait.spec.image import Image

KNATIVE_TIMEOUT = 600


def of_flow(flow: Flow) -> list[Finding]:
    """Every finding, kind by kind."""
    return [
        *unheard(flow),
        *unfired(flow),
        *unused(flow),
        *loops(flow),
        *_filters(flow),
        *secrets(flow),
        *_limits(flow),
    ]


def _filters(flow: Flow) -> Iterator[Finding]:
    """Filters that decide nothing. What Knative refuses is no finding: it is a mistake of functions.yaml."""
    for name, triggers in flow.triggers.items():
        for trigger in triggers:
            at: Location = ("spec", "functions", name, "subscribes", trigger.index)
            spec = {"filters": list(trigger.filters)}
            if why := never_matches(spec):
                yield Finding(
                    "filter-never-matches", at, f"Trigger {trigger.name} never gets an event: {why}"
                )
            elif why := always_matches(spec):
                message = f"the filter of Trigger {trigger.name} lets every event pass: {why}"
                yield Finding("filter-always-matches", at, message, "leave it out, if that is meant")


def _limits(flow: Flow) -> Iterator[Finding]:
    """What a cluster may refuse, or run as another version than meant."""
    for name, function in flow.functions.items():
        at: Location = ("spec", "functions", name)
        if function.serving == "knative" and (function.timeout or 0) > KNATIVE_TIMEOUT:
            message = (
                f"Knative refuses more than its max-revision-timeout-seconds, {KNATIVE_TIMEOUT} by default"
            )
            hint = "raise it in the ConfigMap config-defaults first"
            yield Finding("limit", (*at, "timeout"), message, hint)
        if function.image and Image.parse(function.image).version is None:
            message = f"{name} has neither tag nor digest: what runs is whatever :latest is then"
            yield Finding("limit", (*at, "image"), message, "name a version, as :1.0.0")
