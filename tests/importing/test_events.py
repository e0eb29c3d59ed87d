"""Triggers and Brokers as people have them: what functions.yaml makes of them."""

from pathlib import Path
from typing import Any

import pytest

from tests.importing.objects import broker, deployment, trigger, yaml
from tests.importing.support import function, imported, unexplained


def test_delivery_and_dead_letters(tmp_path: Path) -> None:
    """A function by its name, anything else as it is; on Broker and Trigger."""
    sink = {"ref": {"apiVersion": "v1", "kind": "Service", "name": "orders", "namespace": "shop"}}
    kafka = broker(
        "default",
        config={"kind": "ConfigMap", "apiVersion": "v1", "name": "kafka"},
        delivery={"deadLetterSink": {"uri": "http://a/"}},
    )
    kafka["metadata"]["annotations"] = {"eventing.knative.dev/broker.class": "Kafka"}
    result = imported(
        tmp_path,
        yaml(
            deployment(),
            kafka,
            trigger(delivery={"retry": 3, "backoffPolicy": "linear", "deadLetterSink": sink}),
        ),
    )
    assert result.data["spec"]["broker"] == {
        "name": "default",
        "class": "Kafka",
        "config": {"kind": "ConfigMap", "apiVersion": "v1", "name": "kafka"},
        "delivery": {"deadLetter": {"uri": "http://a/"}},
    }
    (subscription,) = function(result)["subscribes"]
    assert subscription["delivery"] == {
        "retry": 3,
        "backoffPolicy": "linear",
        "deadLetter": {"function": "orders"},
    }
    assert unexplained(tmp_path, result) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {}),
        ({"filter": {"attributes": {"type": "", "source": "/a"}}}, {"source": "/a"}),
        ({"filter": {"attributes": {"tenant": "a", "subject": ""}}}, {"extensions": {"tenant": "a"}, "filters": [{"cesql": "EXISTS subject AND subject <> ''"}]}),
        ({"filter": {"attributes": {"dataschema": "a"}}}, {"filters": [{"exact": {"dataschema": "a"}}]}),
        ({"filter": {"sourceAndType": {"type": "t", "source": "Any"}}}, {"type": "t"}),
        ({"filter": {"attributes": {"type": "x"}}, "filters": [{"prefix": {"type": "t"}}]}, {"filters": [{"prefix": {"type": "t"}}]}),
        ({"filters": [{"exact": {"type": "t"}}, {"exact": {"source": ""}}]}, {"type": "t"}),
        ({"filters": [{"exact": {"type": ""}}], "filter": {"attributes": {"type": "t"}}}, {}),
    ],
)  # fmt: skip
def test_filters(spec: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    """Both forms, with what Knative makes of empty values (knative-broker facts 14, 15 and 19)."""
    result = imported(tmp_path, yaml(deployment(), trigger(**spec)))
    assert function(result)["subscribes"] == [{"name": "paid", **expected}]
    assert unexplained(tmp_path, result) == []


def test_names_that_plait_gives_anyway_are_not_written(tmp_path: Path) -> None:
    """A single Trigger with the function's name."""
    result = imported(tmp_path, yaml(deployment(), trigger("orders", filters=[{"exact": {"type": "t"}}])))
    assert function(result)["subscribes"] == [{"type": "t"}]
