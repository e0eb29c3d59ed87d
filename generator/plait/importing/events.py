"""Triggers and Brokers -> subscriptions, delivery and the Broker of functions.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plait.edits import Object, get
from plait.importing.model import Manifest, Report, Steps, Workload
from plait.importing.part import Part
from plait.importing.reasons import KEEP
from plait.importing.refusal import refusal
from plait.resources.broker import CLASS
from plait.spec.environment import Broker
from plait.spec.events import CORE_ATTRIBUTES, Delivery, Subscription, trigger_names
from plait.spec.rules import TRIGGER_NAME_LIMIT

_FIELDS = ("type", "source", "subject")
_DELIVERY = ("retry", "backoffPolicy", "backoffDelay", "timeout", "format")
_SERVICES = ("v1", "serving.knative.dev/v1")


class Functions:
    """Who a reference to a Service means.

    Args:
        workloads: what becomes a function.
    """

    def __init__(self, workloads: Sequence[Workload]) -> None:
        self._by_service: Mapping[str, Workload] = {one.function: one for one in workloads}

    def named(self, reference: Any) -> Workload | None:
        """The function behind a reference to a Service of the same namespace."""
        if get(reference, "kind") != "Service" or get(reference, "apiVersion") not in _SERVICES:
            return None
        if get(reference, "namespace") is not None:
            return None
        return self._by_service.get(get(reference, "name"))


def chosen_broker(triggers: Sequence[Manifest], brokers: Sequence[Manifest]) -> str:
    """The one Broker of functions.yaml: the one that most Triggers have, else the first of the files."""
    given = [str(item.get("spec", "broker")) for item in triggers if item.get("spec", "broker")]
    names = [name for name in given if refusal(Broker, {"name": name}) is None]
    if names:
        return max(sorted(set(names)), key=lambda name: (names.count(name), name == "default"))
    fit = [item.name for item in brokers if refusal(Broker, {"name": item.name}) is None]
    return next(iter(fit), "default")


def subscription(
    item: Manifest, broker: str, functions: Functions, report: Report
) -> tuple[str, Object] | None:
    """A Trigger as (function, entry of subscribes); None where it is left, with its reason."""
    if refused := _refused(item, broker, functions):
        rule, words = refused
        report.leave(item, rule, **words)
        return None
    workload = functions.named(item.get("spec", "subscriber", "ref"))
    assert workload is not None
    spec = Part(item.data).part("spec")
    entry: Object = {"name": item.name, **_filters(spec)}
    if given := spec.take("delivery", dict):
        entry["delivery"] = delivery(item, given, functions, report)
    if why := refusal(Subscription, entry):
        report.leave(item, "trigger", why=why)
        return None
    for key in ("broker", "subscriber"):
        spec.take(key, object)
    for path, _ in spec.rest():
        report.leave(item, "no-field", path)
    return workload.function, entry


def _refused(item: Manifest, broker: str, functions: Functions) -> tuple[str, dict[str, Any]] | None:
    """Why a Trigger cannot be a subscription."""
    if elsewhere := item.get("spec", "brokerRef", "namespace"):
        return "trigger-broker-namespace", {"namespace": elsewhere}
    name = item.get("spec", "broker") or item.get("spec", "brokerRef", "name")
    if name != broker:
        return "trigger-broker", {"broker": name, "chosen": broker}
    if len(item.name) > TRIGGER_NAME_LIMIT:
        return "trigger-name", {}
    return _no_subscriber(item.get("spec", "subscriber"), functions)


def _no_subscriber(subscriber: Any, functions: Functions) -> tuple[str, dict[str, Any]] | None:
    reference, uri = get(subscriber, "ref"), get(subscriber, "uri")
    if not isinstance(reference, dict):
        return ("subscriber-uri", {"uri": uri, "keep": KEEP}) if uri else ("subscriber-none", {})
    if uri not in (None, "/"):
        return "subscriber-path", {"uri": uri, "keep": KEEP}
    if reference.get("kind") != "Service" or reference.get("apiVersion") not in _SERVICES:
        return "subscriber-kind", {
            "other": f"{reference.get('apiVersion')} {reference.get('kind')}",
            "keep": KEEP,
        }
    if reference.get("namespace") is not None:
        return "subscriber-namespace", {"namespace": reference["namespace"], "keep": KEEP}
    if functions.named(reference) is None:
        return "subscriber-missing", {"other": reference.get("name"), "keep": KEEP}
    return None


def _filters(spec: Part) -> Object:
    """The filter list: its first element as plain fields, where it is an `exact` that they can say."""
    elements = spec.take("filters", list) or []
    plain = _plain(elements[0]) if elements else None
    if plain is None:
        return {"filters": elements} if elements else {}
    return {**plain, **({"filters": elements[1:]} if elements[1:] else {})}


def _plain(element: Any) -> Object | None:
    exact = get(element, "exact")
    if not isinstance(exact, dict) or element.keys() != {"exact"} or not exact:
        return None
    if any(key in CORE_ATTRIBUTES and key not in _FIELDS for key in exact):
        return None
    fields = {key: exact[key] for key in _FIELDS if key in exact}
    extensions = {key: exact[key] for key in sorted(exact) if key not in _FIELDS}
    return {**fields, **({"extensions": extensions} if extensions else {})}


def delivery(item: Manifest, given: Object, functions: Functions, report: Report) -> Object:
    """A DeliverySpec as functions.yaml says it; what it cannot say is left."""
    part = Part(given, ("spec", "delivery"))
    found = {}
    for key in _DELIVERY:
        value = part.take(key, object)
        if value is not None and (why := refusal(Delivery, {key: value})) is None:
            found[key] = value
        elif value is not None:
            report.leave(item, "refused", (*part.path, key), why=why)
    if (sink := part.take("deadLetterSink", dict)) is not None:
        letter = _letter(sink, functions)
        if letter is None or refusal(Delivery, {"deadLetter": letter}):
            report.leave(item, "dead-letter", (*part.path, "deadLetterSink"))
        else:
            found["deadLetter"] = letter
    for path, _ in part.rest():
        report.leave(item, "no-field", path)
    return found


def _letter(sink: Object, functions: Functions) -> Object | None:
    if sink.keys() == {"uri"}:
        return {"uri": sink["uri"]}
    if sink.keys() != {"ref"}:
        return None
    workload = functions.named(sink["ref"])
    return {"function": workload.function} if workload else {"ref": sink["ref"]}


def broker(name: str, item: Manifest | None, functions: Functions, report: Report) -> Object:
    """spec.broker without `create`, from the Broker of the files where there is one."""
    found: Object = {"name": name}
    if item is None:
        return found
    kind = item.get("metadata", "annotations", CLASS)
    whole = Part(item.data)
    spec = whole.part("spec")
    fields = {
        "class": (kind, ("metadata", "annotations", CLASS)),
        "config": (spec.take("config", dict), ("spec", "config")),
    }
    for field, (value, path) in fields.items():
        _put(found, field, value, item, path, report)
    if given := spec.take("delivery", dict):
        _put(
            found,
            "delivery",
            delivery(item, given, functions, report) or None,
            item,
            ("spec", "delivery"),
            report,
        )
    for path, _ in spec.rest():
        report.leave(item, "channel-template" if path[1].startswith("channelTemplate") else "no-field", path)
    return found


def _put(found: Object, field: str, value: Any, item: Manifest, path: Steps, report: Report) -> None:
    if value is None:
        return
    if why := refusal(Broker, {field: value}):
        report.leave(item, "refused", path, why=why)
    else:
        found[field] = value


def named(function: str, entries: list[Object]) -> list[Object]:
    """Subscriptions without the names that plait would give their Triggers anyway."""
    models = [Subscription.model_validate({**entry, "name": None}) for entry in entries]
    derived = trigger_names(function, models)
    return [
        {key: value for key, value in entry.items() if key != "name" or value != name}
        for entry, name in zip(entries, derived, strict=True)
    ]
