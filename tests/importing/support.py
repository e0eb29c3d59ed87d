"""Manifests in a temporary folder, imported, generated and proved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from plait import disk, importing, render, scaffold
from plait.edits import Object
from plait.importing import Difference, Imported, Settings
from plait.project import Project

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
      - name: orders
        image: registry.example.com/orders:1
        ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec:
  selector: {app: orders}
  ports: [{port: 80, targetPort: 8080}]
"""
KNATIVE = """\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: orders, namespace: shop}
spec:
  template:
    spec:
      containers: [{image: "registry.example.com/orders:1"}]
"""
TRIGGER = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: paid, namespace: shop}
spec:
  broker: default
  filter: {attributes: {type: com.example.paid}}
  subscriber: {ref: {apiVersion: v1, kind: Service, name: orders}}
"""


def imported(folder: Path, *documents: str, **settings: Any) -> Imported:
    """The import of YAML documents."""
    folder.mkdir(exist_ok=True)
    path = folder / "old.yaml"
    path.write_text("---\n".join(documents))
    return importing.imported(*importing.read_all([path]), Settings(**settings))


def function(result: Imported, name: str = "orders") -> Any:
    """A function's entry."""
    return result.data["spec"]["functions"][name]


def built(folder: Path, result: Imported) -> list[Object]:
    """What the written functions.yaml builds for its environment."""
    text = importing.text(result)
    scaffold.check(text)
    (folder / "functions.yaml").write_text(text)
    (overlay,) = Project.load(folder).overlays.values()
    return render.objects(overlay)


def patched(folder: Path, result: Imported) -> list[Object]:
    """The same with the patches of the import, written and read again."""
    text = importing.text(result)
    disk.apply(folder, importing.changes(importing.patches(result, text), text, {}), [])
    (folder / "functions.yaml").write_text(text)
    project = Project.load(folder)
    (overlay,) = project.overlays.values()
    whole, unknown = importing.with_patches(overlay, project.scan.files)
    assert unknown == []
    return render.objects(whole)


def proved(folder: Path, result: Imported) -> Sequence[Difference]:
    """Every difference between the manifests and what is built."""
    (environment,) = result.data["spec"]["environments"].values()
    return importing.prove(result, built(folder, result), environment["platform"])


def unexplained(folder: Path, result: Imported) -> list[Difference]:
    """The differences without a reason."""
    return [one for one in proved(folder, result) if one.reason is None]


def rules(result: Imported) -> list[str]:
    """Which rules left something."""
    return [one.rule for one in result.left]
