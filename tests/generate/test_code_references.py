"""render against a real build where an object names the ConfigMap of another function's code."""

from pathlib import Path

from tests.generate.repository import Repository
from tests.support.kustomize import Build

SPEC = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
  runtimes: {python: registry.example.com/plait/handler:1}
  broker: {config: {name: a-code}}
  functions:
    a: {runtime: python, packaging: configMap, source: functions/a}
    b:
      runtime: container
      image: registry.example.com/shop/b:1
      env: {X: {configMap: {name: a-code, key: function.py}}}
    c:
      runtime: container
      serving: knative
      image: registry.example.com/shop/c:1
      env: {X: {configMap: {name: a-code, key: function.py}}}
  environments: {dev: {platform: kubernetes}}
"""


def test_references_from_elsewhere_get_the_hash(tmp_path: Path, kustomize: Build) -> None:
    """In a Deployment, a Knative Service and a Broker, as kustomize follows them."""
    repository = Repository(tmp_path)
    repository.write("functions.yaml", SPEC)
    repository.write("functions/a/function.py", "def handle(event): ...\n")
    repository.ok("generate")
    assert repository.objects("dev") == kustomize(repository.root / "overlays" / "dev")
