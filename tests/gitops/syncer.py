"""A stand-in for Argo CD and Flux: clone, build an overlay with a real kustomize, compare with the last build."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.kustomize import Build

Identity = tuple[str, str]


class Syncer:
    """What one environment's tool sees.

    Attributes:
        objects: of the last build, by kind and name.
    """

    def __init__(self, url: str, environment: str, folder: Path, build: Build) -> None:
        self._url, self._environment, self._folder, self._build = url, environment, folder, build
        self.objects: Mapping[Identity, Any] = {}
        self._count = 0

    def sync(self) -> set[str]:
        """Fetch and build. What changed: `+ Kind name`, `~ Kind name`, `- Kind name`."""
        self._count += 1
        clone = self._folder / f"{self._environment}-{self._count}"
        subprocess.run(["git", "clone", "--quiet", "--depth=1", self._url, clone], check=True)  # noqa: S607
        built = self._build(clone / "overlays" / self._environment)
        before, after = self.objects, {_identity(item): item for item in built}
        assert len(after) == len(built)
        self.objects = after
        signs = {
            key: "+" if key not in before else "-" if key not in after else "~"
            for key in {*before, *after}
            if before.get(key) != after.get(key)
        }
        return {f"{sign} {kind} {name}" for (kind, name), sign in signs.items()}


def _identity(item: dict[str, Any]) -> Identity:
    group = item["apiVersion"].partition("/")[0]
    kind = "Knative Service" if group == "serving.knative.dev" else item["kind"]
    return kind, item["metadata"]["name"]
