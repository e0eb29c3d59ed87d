"""Good objects pass, each bad one fails by the field that is wrong."""

import copy
import time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.infra.examples import BAD, CONTAINER, DEPLOYMENT, GOOD, TRIGGER
from tests.support import schemas


@pytest.mark.parametrize("obj", GOOD, ids=lambda obj: obj["kind"])
def test_good(obj: dict[str, Any]) -> None:
    """Each kind that plait may write."""
    schemas.validate(obj)


@pytest.mark.parametrize(("good", "path", "value", "message"), BAD)
def test_bad(good: dict[str, Any], path: str, value: object, message: str) -> None:
    """One wrong value in a good object."""
    schemas.validate(good)
    with pytest.raises(AssertionError, match=message):
        schemas.validate(changed(good, path, value))


def changed(obj: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy with the value at a /path replaced or added."""
    result = copy.deepcopy(obj)
    *parents, last = path.split("/")
    at: Any = result
    for part in parents:
        at = at[int(part) if part.isdigit() else part]
    at[int(last) if last.isdigit() else last] = value
    return result


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "Gadget"),
        ("apps/v2", "Deployment"),
        ("eventing.knative.dev/v1beta1", "Trigger"),
        ("kustomize.config.k8s.io/v1beta1", "Component"),
    ],
)
def test_an_unknown_kind_fails(api_version: str, kind: str) -> None:
    """What no schema speaks for is not checked, and must not pass."""
    with pytest.raises(AssertionError, match=f"no schema for {api_version} {kind}"):
        schemas.validate({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}})


def test_all_mistakes_are_told_at_once() -> None:
    """With the object's name."""
    bad = changed(changed(TRIGGER, "spec/brokr", "default"), "metadata/labels", {"a": 1})
    with pytest.raises(AssertionError, match=r"(?s)Trigger js-trigger.*metadata\.labels\.a.*brokr"):
        schemas.validate(bad)


@pytest.mark.parametrize(("api_version", "kind"), [key for key in schemas.CRDS if key[1] != "ApplicationSet"])
def test_the_closed_crds_are_schemas(api_version: str, kind: str) -> None:
    """OpenAPI's dialect and JSON Schema's part ways in places; ApplicationSet's alone takes five seconds."""
    Draft202012Validator.check_schema(schemas._crd(api_version, kind))  # noqa: SLF001


def test_every_crd_file_is_used() -> None:
    """A file that no kind refers to would check nothing."""
    folder = schemas.DATA / "crds"
    present = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.yaml")}
    assert present == set(schemas.CRDS.values())


def test_unknown_fields_are_kept_only_where_the_crd_says_so() -> None:
    """As the API server prunes."""
    closed = schemas.close(
        {
            "type": "object",
            "properties": {
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "map": {"type": "object", "additionalProperties": {"type": "object", "properties": {}}},
                "list": {"type": "array", "items": {"type": "object", "properties": {}}},
                "port": {"x-kubernetes-int-or-string": True},
            },
            "anyOf": [{"properties": {"free": {}}}],
        }
    )
    fields = closed["properties"]
    assert closed["additionalProperties"] is False
    assert "additionalProperties" not in fields["free"]
    assert fields["map"]["additionalProperties"]["additionalProperties"] is False
    assert fields["list"]["items"]["additionalProperties"] is False
    assert fields["port"]["type"] == ["integer", "string"]
    assert closed["anyOf"] == [{"properties": {"free": {}}}]


def test_it_is_quick() -> None:
    """Hundreds of objects a test: a slow check would soon be left out. Ten times what it takes here."""
    schemas.validate(DEPLOYMENT)
    large = changed(DEPLOYMENT, "spec/template/spec/containers", [CONTAINER])
    start = time.process_time()
    for _ in range(100):
        schemas.validate(large)
    assert time.process_time() - start < 5
