"""`eventTypes: true`: entries in the registry of a cluster."""

import json
from pathlib import Path
from typing import Any

import pytest

from plait.cli.main import run
from plait.resources.eventtype import name_of
from tests.contracts.shop import PAID, PATH, SCHEMA, put, write
from tests.support import schemas
from tests.support.kustomize import Build, builder

PLACED = "com.example.order.placed"
ODD = "Order Paid/é"


def built(root: Path, environment: str, build: Build | None = None) -> dict[str, dict[str, Any]]:
    """The EventTypes that an environment gets, by type; each fits Knative's CRD."""
    found = [
        item
        for item in (build or builder("kubectl"))(root / "overlays" / environment)
        if item["kind"] == "EventType"
    ]
    for item in found:
        schemas.validate(item)
    return {item["spec"]["type"]: item for item in found}


def generated(root: Path, files: dict[str, Any] | None = None, **body: Any) -> Path:
    """The shop with EventTypes, generated."""
    write(root, files, **{"eventTypes": True, **body})
    assert run(["-C", str(root), "generate"]) == 0
    return root


def test_one_for_each_contract(tmp_path: Path) -> None:
    """With source, description, schema and Broker, as far as they are known; render gives the same."""
    events = {
        PAID: {"schema": PATH, "description": "An order was paid."},
        PLACED: {},
        ODD: {"description": ""},
    }
    root = generated(tmp_path, events=events)
    found = built(root, "dev")
    assert found.keys() == {PAID, PLACED, ODD}
    data = found[PAID]["spec"].pop("schemaData")
    assert json.loads(data) == SCHEMA
    reference = {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "default"}
    assert found[PAID]["spec"] == {
        "type": PAID,
        "source": "/shop/orders",
        "description": "An order was paid.",
        "reference": reference,
    }
    assert found[PLACED]["spec"] == {"type": PLACED, "reference": reference}
    assert found[PAID]["metadata"]["namespace"] == "shop"
    assert found[PAID]["metadata"]["labels"]["stage"] == "dev"
    assert (root / f"base/eventtype-{PAID}.yaml").is_file()


def test_not_asked_for(tmp_path: Path) -> None:
    """None, and no file."""
    assert built(generated(tmp_path, eventTypes=False), "dev") == {}
    assert not list(tmp_path.rglob("*eventtype-*"))


def test_an_environment_gets_them_by_promotion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are the environment's, as its Broker is: --environment takes them along."""
    root = generated(tmp_path)
    assert built(root, "live").keys() == {PAID}
    put(root, {PATH: {"type": "object"}})
    assert run(["-C", str(root), "generate"]) == 0
    assert run(["-C", str(root), "promote", "dev", "live"]) == 0
    assert json.loads(built(root, "live")[PAID]["spec"]["schemaData"]) == SCHEMA
    assert run(["-C", str(root), "promote", "dev", "live", "--environment"]) == 0
    assert json.loads(built(root, "live")[PAID]["spec"]["schemaData"]) == {"type": "object"}
    capsys.readouterr()
    assert run(["-C", str(root), "render", "live"]) == 0
    assert f"name: {PAID}\n" in capsys.readouterr().out


def test_the_broker_s_name_is_followed(tmp_path: Path, kustomize: Build) -> None:
    """Where the user gives the overlay a prefix."""
    root = generated(tmp_path)
    path = root / "overlays/dev/kustomization.yaml"
    path.write_text(path.read_text() + "namePrefix: team-\n")
    (item,) = built(root, "dev", kustomize).values()
    assert item["spec"]["reference"]["name"] == "team-default"


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("/shop", True),
        ("urn:shop:orders", True),
        ("https://shop.example.com:8443/a?b=c#d", True),
        ("nodeshift/samples/js", True),
        ("a/b:c%20d", True),
        ("//shop.example.com", True),
        ("a b", False),
        ("1a:b", False),
        ("%zz", False),
        ("///a", False),
        ("http://a:b/", False),
        ("", False),
    ],
)
def test_a_source_that_knative_would_refuse(tmp_path: Path, source: str, kept: bool) -> None:  # noqa: FBT001
    """It is left out: Knative reads the field as a URI."""
    external = (
        [{"type": PLACED, "source": source}] if source else [{"type": PLACED, "source": s} for s in "ab"]
    )
    root = generated(tmp_path, events={PLACED: {}}, external=external)
    assert ("source" in built(root, "dev")[PLACED]["spec"]) is kept


def test_a_schema_s_address(tmp_path: Path) -> None:
    """Its $id, where that is one."""
    root = generated(tmp_path, {PATH: {"$id": "https://example.com/paid"}})
    assert built(root, "dev")[PAID]["spec"]["schema"] == "https://example.com/paid"
    put(root, {PATH: {"$id": "urn:paid"}})
    assert run(["-C", str(root), "generate"]) == 0
    assert "schema" not in built(root, "dev")[PAID]["spec"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (PAID, PAID),
        ("Order.Paid", "order-paid-1c8e6b30"),
        ("é", "4b0d3e2a"),
        ("a/b", "a-b-c14cddc0"),
        ("a" * 101, f"{'a' * 100}-"),
    ],
)
def test_names(kind: str, name: str) -> None:
    """The type itself, where it can be a name; else told apart by a hash."""
    found = name_of(kind)
    assert found.rpartition("-")[0] == name.rpartition("-")[0]
    assert (found == kind) is (name == kind)
    assert len(found) <= 109
