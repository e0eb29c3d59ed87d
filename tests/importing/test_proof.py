"""What nobody explains: a change after the import."""

from pathlib import Path

from tests.importing.support import DEPLOYMENT, KNATIVE, TRIGGER, function, imported, proved, unexplained


def test_a_change_of_functions_yaml_is_unexplained(tmp_path: Path) -> None:
    """What the import did not do, it does not explain."""
    result = imported(tmp_path, DEPLOYMENT, TRIGGER)
    assert unexplained(tmp_path, result) == []
    entry = function(result)
    entry["image"] = "registry.example.com/orders:2"
    entry["subscribes"][0]["type"] = "com.example.other"
    entry["env"] = {"NEW": "1"}
    found = [(one.kind, one.path) for one in proved(tmp_path, result) if one.reason is None]
    assert found == [
        ("Deployment", "spec.template.spec.containers[orders].env[NEW]"),
        ("Deployment", "spec.template.spec.containers[orders].image"),
        ("Trigger", "spec.filters"),
    ]


def test_a_function_that_is_gone_is_unexplained(tmp_path: Path) -> None:
    """Its objects are missing, and nothing says why."""
    result = imported(tmp_path, DEPLOYMENT, KNATIVE.replace("orders", "audit"))
    del result.data["spec"]["functions"]["orders"]
    assert [(one.kind, one.name, one.new) for one in unexplained(tmp_path, result)] == [
        ("Deployment", "orders", None),
        ("Service", "orders", None),
    ]
