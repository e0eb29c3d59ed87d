"""A namePrefix and a nameSuffix of the user's, and hashes of generated names, are followed everywhere."""

from pathlib import Path
from typing import Any

import pytest

from tests.generate.cases import CODE, HERE
from tests.generate.repository import Repository
from tests.support.kustomize import Build

USERS = """\
namePrefix: team-
nameSuffix: -x
configMapGenerator:
- name: settings
  literals: [currency=EUR]
- name: broker-config
  literals: [channel=kafka]
secretGenerator:
- name: payment
  literals: [token=t]
- name: login
  literals: [.dockerconfigjson=e30=]
"""


@pytest.fixture
def prefixed(tmp_path: Path) -> Repository:
    """Both environments with a prefix, a suffix, and ConfigMaps and Secrets of the user's."""
    repository = Repository(tmp_path)
    repository.write("functions.yaml", (HERE / "specs" / "references.yaml").read_bytes())
    for path, content in CODE.items():
        repository.write(path, content)
    repository.ok("generate")
    repository.ok("promote", "dev", "live")
    for environment in ("dev", "live"):
        path = f"overlays/{environment}/kustomization.yaml"
        repository.write(path, repository.read(path) + USERS)
    before = repository.files()
    repository.ok("generate")
    assert repository.files() == before
    return repository


def by_name(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The objects by kind and name: `Deployment plain`, the user's additions and hashes cut off."""
    found = {}
    for item in objects:
        name = item["metadata"]["name"].removeprefix("team-").partition("-x")[0]
        group = item["apiVersion"].rpartition("/")[0]
        kind = "Revision" if group == "serving.knative.dev" else item["kind"]
        found[f"{kind} {name}"] = item
    return found


@pytest.mark.parametrize("environment", ["dev", "live"])
def test_references_follow_their_objects(prefixed: Repository, kustomize: Build, environment: str) -> None:
    """Broker, subscriber, dead letter sinks, autoscaler, code, accounts, Secrets, ConfigMaps."""
    objects = by_name(kustomize(prefixed.root / "overlays" / environment))
    real = {key: item["metadata"]["name"] for key, item in objects.items()}
    assert all(name.startswith("team-") for key, name in real.items() if not key.startswith("Namespace"))
    for function, kind in (("plain", "Service"), ("serving", "Revision")):
        other = {"plain": "Revision serving", "serving": "Service plain"}[function]
        trigger = objects[f"Trigger {function}"]["spec"]
        assert trigger["broker"] == real["Broker default"] == "team-default-x"
        assert trigger["subscriber"]["ref"]["name"] == real[f"{kind} {function}"] == f"team-{function}-x"
        assert trigger["delivery"]["deadLetterSink"]["ref"]["name"] == real[other]
        workload = objects[f"{'Deployment' if kind == 'Service' else kind} {function}"]
        _check_pod(workload["spec"]["template"]["spec"], function, real)
    broker = objects["Broker default"]["spec"]
    assert broker["delivery"]["deadLetterSink"]["ref"]["name"] == real["Service plain"]
    assert broker["config"]["name"] == real["ConfigMap broker-config"]
    target = objects["HorizontalPodAutoscaler plain"]["spec"]["scaleTargetRef"]["name"]
    assert target == real["Deployment plain"]


def _check_pod(pod: dict[str, Any], function: str, real: dict[str, str]) -> None:
    sources = {
        entry["name"]: entry["valueFrom"] for entry in pod["containers"][0]["env"] if "valueFrom" in entry
    }
    assert sources["TOKEN"]["secretKeyRef"]["name"] == real["Secret payment"]
    assert sources["CURRENCY"]["configMapKeyRef"]["name"] == real["ConfigMap settings"]
    assert pod["serviceAccountName"] == real[f"ServiceAccount {function}"] == f"team-{function}-x"
    code = next(volume["configMap"]["name"] for volume in pod["volumes"] if volume["name"] == "code")
    assert code == real[f"ConfigMap {function}-code"]


@pytest.mark.parametrize("environment", ["dev", "live"])
def test_pull_secrets_follow_too(prefixed: Repository, kustomize: Build, environment: str) -> None:
    """A generated pull secret has a hash in its name."""
    objects = by_name(kustomize(prefixed.root / "overlays" / environment))
    for function in ("plain", "serving"):
        secrets = objects[f"ServiceAccount {function}"]["imagePullSecrets"]
        assert secrets == [{"name": objects["Secret login"]["metadata"]["name"]}]
