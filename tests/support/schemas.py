"""Every object that plait writes, held against the schemas that a cluster uses, strictly.

Built-in kinds: Kubernetes' own schemas (bundled by kubernetes-validate, whose own function reads 1.8 MB for
each call). Custom kinds: the CRDs in tests/data/crds. On top of both, tests/data/schemas: what webhooks and
the API server refuse beyond their schemas, and the fields of kustomize's own files.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

DATA = Path(__file__).parents[1] / "data"
RULES = "https://plait.dev/tests"
KUBERNETES = "https://kubernetes.io/api/_definitions.json#/$defs"
OBJECT_META = f"{KUBERNETES}/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

CRDS: Mapping[tuple[str, str], str] = {
    ("argoproj.io/v1alpha1", "Application"): "argo-cd/application-crd.yaml",
    ("argoproj.io/v1alpha1", "ApplicationSet"): "argo-cd/applicationset-crd.yaml",
    ("argoproj.io/v1alpha1", "AppProject"): "argo-cd/appproject-crd.yaml",
    ("bitnami.com/v1alpha1", "SealedSecret"): "sealed-secrets/bitnami.com_sealedsecrets.yaml",
    ("eventing.knative.dev/v1", "Broker"): "knative-eventing/broker.yaml",
    ("eventing.knative.dev/v1", "Trigger"): "knative-eventing/trigger.yaml",
    ("eventing.knative.dev/v1beta2", "EventType"): "knative-eventing/eventtype.yaml",
    ("external-secrets.io/v1", "ExternalSecret"): "external-secrets/external-secrets.io_externalsecrets.yaml",
    ("external-secrets.io/v1beta1", "ExternalSecret"): (
        "external-secrets/external-secrets.io_externalsecrets.yaml"
    ),
    ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"): (
        "flux/kustomize.toolkit.fluxcd.io_kustomizations.yaml"
    ),
    ("serving.knative.dev/v1", "Service"): "knative-serving/service.yaml",
    ("source.toolkit.fluxcd.io/v1", "GitRepository"): "flux/source.toolkit.fluxcd.io_gitrepositories.yaml",
    ("source.toolkit.fluxcd.io/v1", "OCIRepository"): "flux/source.toolkit.fluxcd.io_ocirepositories.yaml",
    ("sources.knative.dev/v1", "PingSource"): "knative-eventing/pingsource.yaml",
    ("sources.knative.dev/v1", "SinkBinding"): "knative-eventing/sinkbindings.yaml",
}


def validate(obj: Mapping[str, Any]) -> None:
    """Fail with every mistake of an object: unknown kind, unknown field, wrong value, null."""
    __tracebackhide__ = True
    api_version, kind = str(obj.get("apiVersion")), str(obj.get("kind"))
    errors = validator(api_version, kind).iter_errors(obj)
    mistakes = [f"{error.json_path}: {error.message}" for error in errors]
    mistakes += [f"{path}: null" for path in _nulls(obj, "$")]
    name = (obj.get("metadata") or {}).get("name", "(no name)")
    assert not mistakes, f"{api_version} {kind} {name}:\n  " + "\n  ".join(sorted(mistakes))


@cache
def validator(api_version: str, kind: str) -> Draft202012Validator:
    """The compiled schema of a kind and its extra rules."""
    if api_version.startswith(("kustomize.config.k8s.io/", "plait.dev/")):
        rules = [f"{RULES}/kustomization.json#/$defs/{_key(api_version, kind)}"]
        assert _key(api_version, kind) in _data("kustomization.json")["$defs"], _unknown(api_version, kind)
        return Draft202012Validator(_all(rules), registry=_registry())
    base = _crd(api_version, kind) if (api_version, kind) in CRDS else _built_in(api_version, kind)
    extra = _key(api_version, kind)
    rules = [f"{RULES}/admission.json#/$defs/any"]
    rules += [f"{RULES}/admission.json#/$defs/{extra}"] if extra in _data("admission.json")["$defs"] else []
    registry = _registry().with_resource(base["$id"], Resource.from_contents(base))
    return Draft202012Validator(_all([base["$id"], *rules]), registry=registry)


def _all(references: list[str]) -> dict[str, Any]:
    return {"allOf": [{"$ref": reference} for reference in references]}


def _key(api_version: str, kind: str) -> str:
    return f"{kind}.{api_version.replace('/', '.')}"


def _unknown(api_version: str, kind: str) -> str:
    return f"no schema for {api_version} {kind}: see tests/support/schemas.py"


def _built_in(api_version: str, kind: str) -> Any:
    group, _, version = api_version.rpartition("/")
    names = [kind.lower(), group.partition(".")[0], version]
    path = _kubernetes_schemas() / f"{'-'.join(name for name in names if name)}.json"
    assert path.is_file(), _unknown(api_version, kind)
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _kubernetes_schemas() -> Path:
    version = kubernetes_validate.latest_version()
    bundled = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}-local-strict"
    return Path(str(bundled))


@cache
def _data(name: str) -> Any:
    return json.loads((DATA / "schemas" / name).read_text(encoding="utf-8"))


@cache
def _registry() -> Registry[Any]:
    definitions = json.loads((_kubernetes_schemas() / "_definitions.json").read_text(encoding="utf-8"))
    shared = [definitions, _data("admission.json"), _data("kustomization.json")]
    return Registry().with_resources([(schema["$id"], Resource.from_contents(schema)) for schema in shared])


def _crd(api_version: str, kind: str) -> dict[str, Any]:
    text = (DATA / "crds" / CRDS[api_version, kind]).read_text(encoding="utf-8")
    versions = yaml.load(text, yaml.CSafeLoader)["spec"]["versions"]
    wanted = api_version.rpartition("/")[2]
    (schema,) = (v["schema"]["openAPIV3Schema"] for v in versions if v["name"] == wanted)
    closed = close(schema)
    closed["properties"] |= {
        "apiVersion": {"const": api_version},
        "kind": {"const": kind},
        "metadata": {"$ref": OBJECT_META},
    }
    dialect = Draft202012Validator.META_SCHEMA["$schema"]
    return {**closed, "$schema": dialect, "$id": f"{RULES}/{_key(api_version, kind)}"}


def close(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A structural schema that refuses what the API server would silently prune.

    Only these keys hold schemas of fields; those under allOf, anyOf, oneOf and not only narrow them.
    """
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: close(field) for name, field in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            closed[key] = close(schema[key])
    if schema.get("x-kubernetes-int-or-string"):
        closed["type"] = ["integer", "string"]
    keeps_unknown = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if schema.get("type") == "object" and not keeps_unknown:
        closed["additionalProperties"] = False
    return closed


def _nulls(value: Any, path: str) -> Iterator[str]:
    """A null is a field that somebody meant to leave out: the API server drops it."""
    if value is None:
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _nulls(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nulls(item, f"{path}[{index}]")
