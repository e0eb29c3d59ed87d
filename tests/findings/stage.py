"""A small repository whose overlay tests of findings change, as its user does."""

import subprocess
from pathlib import Path

from plait.checking import Finding, check

SPEC = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
  functions:
    orders:
      runtime: container
      image: registry.example.com/shop/orders:1.0.0
      serving: knative
      subscribes: [{type: order.paid, name: paid}]
  external: [{type: order.paid}]
  environments:
    dev: {platform: kubernetes}
"""
ENVIRONMENT = "overlays/dev/kustomization.yaml"
FUNCTION = "overlays/dev/orders/kustomization.yaml"


def found(root: Path) -> list[Finding]:
    """What check finds, but drift."""
    return [item for item in check(root)[0] if item.rule != "drift"]


def add(root: Path, path: str, text: str) -> None:
    """Add keys to a kustomization as a user does; entries of `resources` to plait's list."""
    content = (root / path).read_text()
    if text.startswith("resources:\n"):
        entry, _, text = text.removeprefix("resources:\n").partition("\n")
        content = content.replace("resources:\n", f"resources:\n{entry}\n")
    (root / path).write_text(content + text)


def git(root: Path, *arguments: str) -> None:
    """Run git."""
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)  # noqa: S607
