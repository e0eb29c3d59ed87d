"""A repository as it grew: several folders, namespaces, versions, Lists, sources, a second Broker."""

from pathlib import Path

import pytest

from plait import importing
from plait.importing import Imported, Settings
from plait.project import Project
from tests.importing.support import function
from tests.importing.test_patches import generated, normal, whole
from tests.support.kustomize import builder

MANIFESTS = Path(__file__).parent / "wild"


@pytest.fixture(scope="module")
def wild() -> Imported:
    """Its import."""
    return importing.imported(*importing.read_all([MANIFESTS]), Settings(namespace="shop"))


@pytest.fixture
def project(wild: Imported, tmp_path: Path) -> Project:
    """Its tree."""
    return generated(tmp_path, wild)


def test_functions_and_subscriptions(wild: Imported) -> None:
    """Deployments of two versions and a Knative Service; Triggers of three versions."""
    functions = wild.data["spec"]["functions"]
    found = {
        name: [one.get("name") for one in entry.get("subscribes", [])] for name, entry in functions.items()
    }
    assert found == {
        "dead-letters": [],
        "invoice": ["invoice-paid"],
        "mail": [None],
        "orders": ["orders-placed"],
    }
    assert function(wild, "orders")["scale"] == {"min": 3, "max": 12, "target": 70}
    assert function(wild, "mail")["subscribes"][0]["delivery"]["deadLetter"] == {"function": "dead-letters"}
    assert wild.data["spec"]["externalSecrets"]["orders-db"]["data"] == {
        "password": "shop/orders/db#password"
    }


def test_what_is_lost(wild: Imported, project: Project) -> None:
    """All of it is told; of functions only what a restricted pod may not have."""
    found = importing.prove(wild, whole(project), "kubernetes")
    assert [one for one in found if one.reason is None] == []
    lost = [(one.kind, one.name, one.path) for one in found if one.risk == "lost"]
    mail, volume = "spec.template.spec.containers[mail].securityContext.", "spec.template.spec."
    assert [one for one in lost if one[2]] == [
        ("Deployment", "mail", f"{mail}capabilities.add"),
        ("Deployment", "mail", f"{mail}runAsUser"),
        ("Deployment", "orders", f"{volume}containers[log-shipper].volumeMounts[varlog]"),
        ("Deployment", "orders", f"{volume}volumes[varlog]"),
    ]
    assert {kind for kind, _, path in lost if not path} == {
        *("Broker", "ConfigMap", "ExternalSecret", "KafkaSource", "NetworkPolicy"),
        *("PingSource", "Pod", "Sequence", "ServiceAccount", "Trigger"),
    }


def test_a_build_is_what_is_proved(project: Project) -> None:
    """kubectl kustomize gives the objects that the proof takes."""
    built = builder("kubectl")(project.root / "overlays" / "production")
    assert normal(whole(project)) == normal(built)


def test_every_reason_names_its_place(wild: Imported) -> None:
    """No placeholder is left, and what can be kept says in which file."""
    for one in wild.left:
        assert "ENV" not in one.reason
        assert "FUNCTION" not in one.reason
    told = {(one.kind, one.name): one.reason for one in wild.left if not one.path}
    for key in (
        ("NetworkPolicy", "deny-all"),
        ("Broker", "slow"),
        ("Trigger", "audit"),
        ("ConfigMap", "shop-config"),
    ):
        assert "named under resources in overlays/production/kustomization.yaml" in told[key]


def test_an_empty_file_is_noted(wild: Imported) -> None:
    """With its name."""
    notes = [(Path(one.where).name, one.text) for one in wild.notes]
    assert ("empty.yaml:1", "empty: it holds no object") in notes
