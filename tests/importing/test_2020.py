"""The example of 2020: duplicate keys, anchors, v1alpha1, an injection label, a stray Pod."""

from pathlib import Path

import pytest

from plait import importing
from plait.importing import Imported, Settings
from tests.importing.support import built, function, proved, rules

MANIFESTS = Path(__file__).parent / "2020"


@pytest.fixture(scope="module")
def example() -> Imported:
    """Its import."""
    return importing.imported(*importing.read_all([MANIFESTS]), Settings(platform="minikube"))


def test_both_workloads_become_functions_with_their_triggers(example: Imported) -> None:
    """Each subscription has the Trigger's name and attributes."""
    assert list(example.data["spec"]["functions"]) == ["js-example-service", "wasm-example-service"]
    assert function(example, "js-example-service")["subscribes"] == [
        {
            "name": "js-trigger",
            "type": "dev.nodeshift.samples.js-example",
            "source": "dev.nodeshift.samples/js-example-source",
        }
    ]
    assert function(example, "wasm-example-service")["subscribes"] == [
        {
            "name": "wasm-trigger",
            "type": "dev.nodeshift.samples.fromjs",
            "source": "nodeshift/samples/js-example-service",
        }
    ]


def test_the_second_api_version_counts(example: Imported) -> None:
    """Both Services are core Services, their workloads Deployments; a note says so."""
    entries = example.data["spec"]["functions"].values()
    assert [entry.get("serving") for entry in entries] == [None, None]
    notes = [(Path(note.where).name, note.text) for note in example.notes]
    text = "'apiVersion' stands in line 1 too; the last one counts"
    assert notes == [("js-service.yaml:2", text), ("wasm-service.yaml:2", text)]


def test_the_anchor_is_followed(example: Imported) -> None:
    """The pods' labels are those that the selector names."""
    assert function(example, "js-example-service")["labels"] == {"app": "js-example-service"}


def test_the_injection_label_becomes_a_broker(example: Imported) -> None:
    """It is written out, and the file says why."""
    assert example.data["spec"]["broker"] == {"name": "default"}
    assert "# Namespace js-example-service had it made by its label" in importing.text(example)


def test_what_is_left(example: Imported) -> None:
    """The stray Pod, and the pull policy of both Deployments."""
    assert sorted(rules(example)) == ["pod", "pull-policy-minikube", "pull-policy-minikube"]


def test_no_difference_is_unexplained(example: Imported, tmp_path: Path) -> None:
    """Every object and field that differs has its reason, the ones that matter among them."""
    found = proved(tmp_path, example)
    assert [one for one in found if one.reason is None] == []
    told = {(one.kind, one.path): one.reason for one in found}
    assert "Deployment's selector is immutable" in str(told["Deployment", "spec.selector.matchLabels.app"])
    assert "pods are restricted ones" in str(
        told["Deployment", "spec.template.spec.securityContext.runAsNonRoot"]
    )
    assert told["Trigger", "apiVersion"] == "eventing.knative.dev/v1alpha1 is eventing.knative.dev/v1 today"
    assert told["Trigger", "spec.filter"] == "filter.attributes is filters today: the same events pass"
    assert "explicit now" in str(told["Broker", ""])
    assert "explicit now" in str(told["Namespace", "metadata.labels.knative-eventing-injection"])
    assert "a Pod by itself" in str(told["Pod", ""])
    pull = "spec.template.spec.containers[js-example-service].imagePullPolicy"
    assert [(one.old, one.new) for one in found if one.path == pull] == [("Always", "IfNotPresent")]


def test_nothing_else_is_built(example: Imported, tmp_path: Path) -> None:
    """What was there, in the versions of today, and the Broker."""
    built_names = [(item["apiVersion"], item["kind"]) for item in built(tmp_path, example)]
    assert built_names == [
        ("v1", "Namespace"),
        *[("v1", "Service")] * 2,
        *[("apps/v1", "Deployment")] * 2,
        ("eventing.knative.dev/v1", "Broker"),
        *[("eventing.knative.dev/v1", "Trigger")] * 2,
    ]
