"""What Knative's admission webhook refuses of Brokers and Triggers, beside filters.

Source: knative/eventing, pkg/apis/eventing/v1 (trigger_validation.go) and pkg/apis/duck/v1
(delivery_types.go); tests/data/knative/f-rejected.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from plait.errors import nearest
from plait.filters import mistakes as filter_mistakes
from plait.local.gostd import url, userinfo
from plait.local.routes.policy import seconds

Mistake = tuple[str, str, str | None]
"""The path in the object (`spec.delivery.retry`), what is wrong, and how to mend it."""

_TRIGGER = ("broker", "brokerRef", "filter", "filters", "subscriber", "delivery")
_BROKER = ("config", "delivery")
_DELIVERY = ("deadLetterSink", "retry", "timeout", "backoffPolicy", "backoffDelay", "retryAfterMax", "format")
_CHOICES = {"backoffPolicy": ("linear", "exponential"), "format": ("json", "binary")}
_DURATION = "an ISO 8601 duration, such as PT0.5S or PT30S"


def trigger(spec: Any) -> Iterator[Mistake]:
    """The mistakes of a Trigger's spec."""
    if not isinstance(spec, Mapping):
        yield "spec", "a Trigger needs a spec", "with broker and subscriber"
        return
    yield from _unknown(spec, _TRIGGER, "spec")
    if not _broker_name(spec):
        yield "spec.broker", "missing field: spec.broker", "name the Broker, as `broker: default`"
    for error in filter_mistakes(spec):
        yield error.where or "spec", error.message, error.hint
    yield from destination(spec.get("subscriber"), "spec.subscriber")
    yield from delivery(spec.get("delivery"), "spec.delivery")


def broker(spec: Any) -> Iterator[Mistake]:
    """The mistakes of a Broker's spec, which may be absent."""
    if spec is None:
        return
    if not isinstance(spec, Mapping):
        yield "spec", "not a mapping", None
        return
    yield from _unknown(spec, _BROKER, "spec")
    yield from delivery(spec.get("delivery"), "spec.delivery")


def _unknown(spec: Mapping[str, Any], known: Sequence[str], path: str) -> Iterator[Mistake]:
    for name in spec:
        if name not in known:
            yield f"{path}.{name}", f"unknown field {name}", nearest(str(name), known)


def _broker_name(spec: Mapping[str, Any]) -> str | None:
    reference = spec.get("brokerRef")
    name = spec.get("broker") or (reference.get("name") if isinstance(reference, Mapping) else None)
    return name if isinstance(name, str) else None


def destination(value: Any, path: str) -> Iterator[Mistake]:
    """The mistakes of a subscriber or a dead letter sink."""
    if not isinstance(value, Mapping) or not (value.get("uri") or value.get("ref")):
        yield path, "neither uri nor ref is given", "as `uri: http://127.0.0.1:8081/`"
        return
    reference, uri = value.get("ref"), value.get("uri")
    if uri is not None and not isinstance(uri, str):
        yield f"{path}.uri", "not a text", None
    elif reference is None and not _is_http(uri or ""):
        told = f"not an absolute http URL: {userinfo.without(uri or '')}"
        yield f"{path}.uri", told, "as http://127.0.0.1:8081/"
    if reference is None:
        return
    if not isinstance(reference, Mapping):
        yield f"{path}.ref", "not a mapping", "with apiVersion, kind and name"
        return
    for name in ("kind", "name", "apiVersion"):
        if not isinstance(reference.get(name), str) and not (name == "apiVersion" and reference.get("group")):
            yield f"{path}.ref.{name}", f"missing field: {path}.ref.{name}", None


def _is_http(uri: str) -> bool:
    """Whether it is an absolute URL that Go can read."""
    try:
        parts = urlsplit(url.normal(uri))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def delivery(spec: Any, path: str) -> Iterator[Mistake]:
    """The mistakes of a DeliverySpec, which may be absent."""
    if spec is None:
        return
    if not isinstance(spec, Mapping):
        yield path, "not a mapping", None
        return
    yield from _unknown(spec, _DELIVERY, path)
    if spec.get("deadLetterSink") is not None:
        yield from destination(spec["deadLetterSink"], f"{path}.deadLetterSink")
    yield from _numbers(spec, path)
    for name, choices in _CHOICES.items():
        if spec.get(name) is not None and spec[name] not in choices:
            yield f"{path}.{name}", f"invalid value: {spec[name]}", f"one of {', '.join(choices)}"


def _numbers(spec: Mapping[str, Any], path: str) -> Iterator[Mistake]:
    retry = spec.get("retry")
    if retry is not None and (not isinstance(retry, int) or isinstance(retry, bool) or retry < 0):
        yield f"{path}.retry", f"invalid value: {retry}", "a number of attempts after the first, 0 or more"
    for name in ("backoffDelay", "timeout", "retryAfterMax"):
        if spec.get(name) is not None and not _is_duration(name, spec[name]):
            yield f"{path}.{name}", f"invalid value: {spec[name]}", f"{_DURATION}{_EXTRA.get(name, '')}"
    if spec.get("retryAfterMax") is not None and not retry:
        hint = (
            "it does nothing without retry; a cluster takes it only with the feature delivery-retryafter on"
        )
        yield f"{path}.retryAfterMax", f"must not set the field(s): {path}.retryAfterMax", hint


_EXTRA = {
    "timeout": "; at least PT0.1S, as Knative reads one decimal",
    "retryAfterMax": "; not negative",
}


def _is_duration(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        length = seconds(value)
    except ValueError:
        return False
    return not (name == "timeout" and length == 0) and not (name == "retryAfterMax" and length < 0)
