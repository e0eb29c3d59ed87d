"""Triggers and Brokers of former versions in the form of today.

Source: Knative Eventing's v1 API, and the facts about its filters that `plait.filters` stands on.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get
from plait.importing.changing import Changing
from plait.importing.model import Steps

SKIPPED = "Knative skips an element of filters with an empty value: it filters nothing"


def trigger(changing: Changing, namespace: str) -> None:
    """A Trigger: its Broker by name, `filter` as `filters`, references as they are written today."""
    spec = changing.data["spec"]
    if not spec.get("broker") and "brokerRef" not in spec:
        changing.put(("spec", "broker"), "default", "default is the Broker that a Trigger without one has")
    _filter(changing, spec)
    _skipped(changing)
    _own_reference(changing, ("spec", "subscriber", "ref"), namespace)
    _own_reference(changing, ("spec", "delivery", "deadLetterSink", "ref"), namespace)


def broker(changing: Changing, namespace: str) -> None:
    """A Broker: the reference to its dead letter sink."""
    _own_reference(changing, ("spec", "delivery", "deadLetterSink", "ref"), namespace)


def _filter(changing: Changing, spec: Object) -> None:
    if "filter" not in spec:
        return
    if spec.get("filters"):
        changing.put(("spec", "filter"), None, "filters, where there are some, override filter")
        return
    attributes = get(spec, "filter", "attributes") or _first_form(get(spec, "filter", "sourceAndType")) or {}
    if not isinstance(attributes, dict):
        return
    changing.put(("spec", "filter"), None, "filter.attributes is filters today: the same events pass")
    if elements := _elements(attributes):
        changing.put(
            ("spec", "filters"), elements, "filter.attributes is filters today: the same events pass"
        )


def _skipped(changing: Changing) -> None:
    elements = get(changing.data, "spec", "filters")
    if isinstance(elements, list) and any(map(_is_skipped, elements)):
        kept = [element for element in elements if not _is_skipped(element)]
        changing.put(("spec", "filters"), kept or None, SKIPPED)


def _is_skipped(element: Any) -> bool:
    """Such an element passes Knative's webhook, and the Broker leaves it out."""
    found = (get(element, dialect) for dialect in ("exact", "prefix", "suffix"))
    return any(isinstance(values, dict) and "" in values.values() for values in found)


def _first_form(pair: Any) -> Any:
    """Knative 0.4's filter, in which Any was a word."""
    return (
        {key: "" if value == "Any" else value for key, value in pair.items()}
        if isinstance(pair, dict)
        else pair
    )


def _elements(attributes: Object) -> list[Object]:
    """The same as `filters`: the value "" means any, where the attribute is there and not empty.

    Type and source always are; of others CESQL tells.
    """
    exact = {key: value for key, value in attributes.items() if value != ""}
    wanted = [key for key, value in attributes.items() if value == "" and key not in ("type", "source")]
    return [{"exact": exact}] * bool(exact) + [{"cesql": f"EXISTS {key} AND {key} <> ''"} for key in wanted]


def _own_reference(changing: Changing, at: Steps, namespace: str) -> None:
    version = get(changing.data, *at, "apiVersion")
    if get(changing.data, *at, "namespace") == namespace:
        changing.put((*at, "namespace"), None, "it is the namespace that the object is in")
    if isinstance(version, str) and version.startswith("serving.knative.dev/"):
        new = "serving.knative.dev/v1"
        changing.put((*at, "apiVersion"), new, f"{version} is {new} today")
