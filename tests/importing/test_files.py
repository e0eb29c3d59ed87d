"""Files, lists, namespaces, standard input: where manifests come from."""

import io
import json
from pathlib import Path

import pytest

from plait import importing
from plait.errors import PlaitError
from plait.importing import Settings
from tests.importing.support import DEPLOYMENT, KNATIVE, function, imported, unexplained


def test_a_list_and_what_a_cluster_adds(tmp_path: Path) -> None:
    """`kubectl get -o json`: a List, defaults, status, bookkeeping; nothing of it is carried or told."""
    bare = imported(tmp_path, DEPLOYMENT, KNATIVE.replace("orders", "audit"))
    items = [item.data for item in importing.read_all([tmp_path / "old.yaml"])[0]]
    for item in items:
        item["status"] = {"observedGeneration": 1}
        item["metadata"] |= {
            "uid": "1",
            "resourceVersion": "2",
            "creationTimestamp": None,
            "managedFields": [{}],
        }
        item["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{}"}
    pod = items[0]["spec"]["template"]["spec"]
    pod |= {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
    }
    pod |= {"terminationGracePeriodSeconds": 30, "serviceAccountName": "default", "serviceAccount": "default"}
    pod["containers"][0] |= {"terminationMessagePath": "/dev/termination-log", "resources": {}}
    items[1]["spec"] |= {
        "clusterIP": "10.0.0.1",
        "clusterIPs": ["10.0.0.1"],
        "type": "ClusterIP",
        "sessionAffinity": "None",
    }
    (tmp_path / "old.yaml").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=4)
    )
    result = importing.imported(*importing.read_all([tmp_path / "old.yaml"]), Settings())
    assert (result.data, result.left) == (bare.data, [])
    assert unexplained(tmp_path, result) == []


def test_namespaces(tmp_path: Path) -> None:
    """One is taken, several have to be chosen from, none has to be given; the others' objects are left."""
    other = DEPLOYMENT.replace("namespace: shop", "namespace: back")
    with pytest.raises(PlaitError, match="hold back, shop") as error:
        imported(tmp_path, DEPLOYMENT, other)
    assert (error.value.exit_code, error.value.hint) == (2, "choose one of back, shop")
    result = imported(tmp_path, DEPLOYMENT, other, namespace="shop")
    assert [(one.kind, one.rule) for one in result.left] == [
        ("Deployment", "other-namespace"),
        ("Service", "other-namespace"),
    ]
    with pytest.raises(PlaitError, match="no namespace named 'shp'") as error:
        imported(tmp_path, DEPLOYMENT, namespace="shp")
    assert error.value.hint == "did you mean 'shop'?"
    bare = DEPLOYMENT.replace(", namespace: shop", "")
    with pytest.raises(PlaitError, match="no object of these files names its namespace"):
        imported(tmp_path, bare)
    assert imported(tmp_path, bare, namespace="any").data["spec"]["namespace"]["name"] == "any"


def test_an_object_that_stands_twice(tmp_path: Path) -> None:
    """The last one counts, as for kubectl apply, and a note names both."""
    result = imported(tmp_path, DEPLOYMENT, DEPLOYMENT.replace("orders:1", "orders:2"))
    assert function(result)["image"] == "registry.example.com/orders:2"
    assert len(result.notes) == 2
    assert result.notes[0].text.endswith("old.yaml:1 too; the last one counts")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`kubectl kustomize DIR | plait import -`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DEPLOYMENT.encode())))
    items, _ = importing.read_all([Path("-")])
    assert [item.where for item in items] == ["(standard input):1", "(standard input):14"]
