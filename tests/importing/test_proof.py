"""What nobody explains: a change after the import."""

from pathlib import Path

from plait.importing.rules import RISKS
from tests.importing.support import DEPLOYMENT, KNATIVE, TRIGGER, function, imported, proved, unexplained


def test_a_change_of_functions_yaml_is_unexplained(tmp_path: Path) -> None:
    """What the import did not do, it does not explain."""
    result = imported(tmp_path, DEPLOYMENT, TRIGGER)
    assert unexplained(tmp_path, result) == []
    entry = function(result)
    entry["image"] = "registry.example.com/orders:2"
    entry["subscribes"][0]["type"] = "com.example.other"
    entry["env"] = {"NEW": "1"}
    found = [(one.risk, one.kind, one.path) for one in proved(tmp_path, result) if one.reason is None]
    assert found == [
        ("changed", "Deployment", "spec.template.spec.containers[orders].image"),
        ("changed", "Trigger", "spec.filters"),
        ("added", "Deployment", "spec.template.spec.containers[orders].env[NEW]"),
    ]


def test_what_is_lost_comes_first(tmp_path: Path) -> None:
    """Lost, changed, added, rewritten; in each what nobody explains first; the same order each time."""
    text = DEPLOYMENT.replace("containers:", "nodeSelector: {a: b}\n      containers:")
    result = imported(tmp_path, text, TRIGGER)
    function(result)["replicas"] = 4
    found = proved(tmp_path, result)
    ranks = [(RISKS.index(one.risk), one.reason is not None, one.kind, one.name, one.path) for one in found]
    assert ranks == sorted(ranks)
    assert [one.path for one in found if one.risk == "lost"] == ["spec.template.spec.nodeSelector.a"]
    assert {one.risk for one in found} == {*RISKS}
    assert proved(tmp_path, result) == found


def test_a_function_that_is_gone_is_unexplained(tmp_path: Path) -> None:
    """Its objects are missing, and nothing says why."""
    result = imported(tmp_path, DEPLOYMENT, KNATIVE.replace("orders", "audit"))
    del result.data["spec"]["functions"]["orders"]
    assert [(one.kind, one.name, one.new) for one in unexplained(tmp_path, result)] == [
        ("Deployment", "orders", None),
        ("Service", "orders", None),
    ]
