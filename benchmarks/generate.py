"""`plait generate` at several sizes, beside a kustomize build of the tree that it wrote."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks import specs
from benchmarks.measure import best, run, tool

BUILDS_WHOLE = 300


def main(sizes: list[int]) -> None:
    """Print a table."""
    for size in sizes:
        root = Path(tempfile.mkdtemp(prefix="plait-bench-"))
        try:
            _one(root, size)
        finally:
            shutil.rmtree(root)


def _one(root: Path, size: int) -> None:
    (root / "functions.yaml").write_text(specs.text(size))
    generate = [tool("plait"), "generate"]
    times = 5 if size <= 1000 else 2
    _line(size, "generate, cold", str(run(generate, root)))
    _line(size, "generate, nothing to change", str(best(generate, root, times)))
    _line(size, "render minikube", str(best([tool("plait"), "render", "minikube"], root, times)))
    _line(size, "promote, cold", str(run([tool("plait"), "promote", "minikube", "openshift"], root)))
    _line(size, "generate, nothing to change, all promoted", str(best(generate, root, times)))
    kustomize = [tool("kubectl"), "kustomize"]
    _line(size, "kubectl kustomize, one folder", str(best([*kustomize, "overlays/minikube/fn-1"], root, 3)))
    if size <= BUILDS_WHOLE:
        _line(size, "kubectl kustomize, whole overlay", str(run([*kustomize, "overlays/minikube"], root)))


def _line(size: int, what: str, figures: str) -> None:
    print(f"{size:6}  {what:44} {figures}", flush=True)
