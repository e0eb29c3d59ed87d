"""Which objects differ, and where."""

from typing import Any

import pytest

from plait.compare import Change, changes
from plait.compare.objects import differing


def item(kind: str = "Service", name: str = "orders", api: str = "v1", **more: Any) -> dict[str, Any]:
    """An object."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **more}


def test_added_changed_removed() -> None:
    """Each kind of change, sorted; what is alike is not told."""
    before = [item(name="gone"), item(name="same"), item(name="other", spec={"a": 1})]
    after = [item(name="new"), item(name="same"), item(name="other", spec={"a": 2, "b": 3})]
    assert changes(before, after) == [
        Change("Service", "gone", "removed"),
        Change("Service", "new", "added"),
        Change("Service", "other", "changed", ("spec.a", "spec.b")),
    ]


def test_a_knative_service_is_another_object_than_a_service() -> None:
    """The group tells kinds of one name apart; another version of a group does not."""
    knative = item(api="serving.knative.dev/v1")
    assert [change.action for change in changes([item()], [knative])] == ["removed", "added"]
    assert [
        change.fields for change in changes([knative], [{**knative, "apiVersion": "serving.knative.dev/v2"}])
    ] == [("apiVersion",)]


def test_the_namespace_of_an_environment_is_one_object() -> None:
    """Another name is a change of it."""
    found = changes([item("Namespace", "a")], [item("Namespace", "b")])
    assert found == [Change("Namespace", "b", "changed", ("metadata.name",))]


def test_code_is_known_without_its_hash() -> None:
    """New content gives a ConfigMap another name; it is the same ConfigMap."""
    before = item("ConfigMap", "orders-code-k8f2hb6m5t", data={"function.py": "1"})
    after = item("ConfigMap", "orders-code-m2c5t9d7fk", data={"function.py": "2"})
    assert changes([before], [after]) == [
        Change("ConfigMap", "orders-code", "changed", ("metadata.name", "data.function.py"))
    ]


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a"]),
        ({"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "x", "v": 2}]}, ["a[x].v"]),
        ({"a": [{"name": "x"}]}, {"a": [{"name": "y"}]}, ["a[x]", "a[y]"]),
        ({"a": [{"name": "x"}, {"name": "x"}]}, {"a": [{"name": "x"}]}, ["a"]),
        ({"a": None}, {}, ["a"]),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, []),
        ({"a": []}, {"a": []}, []),
    ],
)
def test_where_two_values_differ(old: Any, new: Any, paths: list[str]) -> None:
    """Named entries by their names, other lists whole."""
    assert list(differing(old, new)) == paths
