"""The whole loop: generate, commit, release, promote, revert; each step changes exactly what it should, where it should."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plait.cli.main import run
from tests.gitops.forge import forge
from tests.gitops.syncer import Syncer
from tests.support.kustomize import builder

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
      subscribes: [{type: order.placed}]
      emits: [{type: order.paid, source: /shop/orders}]
    invoice:
      runtime: python
      source: functions/invoice
      packaging: configMap
      image: registry.example.com/plait/python:1
      subscribes: [{type: order.paid}]
  environments:
    dev: {platform: minikube}
    prod: {platform: openshift, promotesFrom: dev}
"""
AUDIT = """\
    audit:
      runtime: container
      image: registry.example.com/shop/audit:1.0.0
      subscribes: [{type: order.paid}]
"""


class Loop:
    """A developer's clone, and the syncers of two clusters."""

    def __init__(self, work: Path, dev: Syncer, prod: Syncer) -> None:
        self.work, self.dev, self.prod = work, dev, prod

    def plait(self, *arguments: str) -> None:
        """Run a command that has to succeed."""
        assert run(["-C", str(self.work), *arguments]) == 0

    def git(self, *arguments: str) -> None:
        """Run git."""
        subprocess.run(["git", *arguments], cwd=self.work, check=True, capture_output=True)  # noqa: S607

    def publish(self, message: str) -> None:
        """Commit all and push."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", "main")

    def promote(self) -> tuple[set[str], set[str]]:
        """Promote everything; what that changes."""
        self.plait("promote", "dev", "prod", "--commit")
        self.git("push", "--quiet", "origin", "main")
        return self.synced()

    def synced(self) -> tuple[set[str], set[str]]:
        """What changes in dev, and in prod."""
        return self.dev.sync(), self.prod.sync()

    def write(self, path: str, text: str) -> None:
        """Write a file of the clone."""
        (self.work / path).parent.mkdir(parents=True, exist_ok=True)
        (self.work / path).write_text(text)


@pytest.fixture(params=["kubectl", "kustomize"])
def loop(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    """Two functions, generated, pushed and synced to both; nothing is promoted yet."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "T")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "t@example.com")
    build = builder(request.param)
    with forge(tmp_path) as url:
        subprocess.run(["git", "clone", "--quiet", url, tmp_path / "work"], check=True, capture_output=True)  # noqa: S607
        found = Loop(tmp_path / "work", *(Syncer(url, name, tmp_path, build) for name in ("dev", "prod")))
        found.git("switch", "--quiet", "--create", "main")
        found.write("functions.yaml", SPEC)
        found.write("functions/invoice/function.py", "def handle(event):\n    return None\n")
        found.plait("generate")
        found.publish("The shop")
        dev, prod = found.synced()
        assert prod == {"+ Namespace shop", "+ Broker default"}
        assert {"+ Deployment orders", "+ Trigger invoice"} < dev
        yield found


def test_every_step_changes_what_it_should(loop: Loop) -> None:
    """And production changes by promotion alone."""
    dev, prod = loop.promote()
    assert dev == set()
    assert {item for item in prod if "ConfigMap" not in item} == {
        f"+ {kind} {name}" for name in ("invoice", "orders") for kind in ("Deployment", "Service", "Trigger")
    }

    loop.plait("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
    loop.publish("orders 2.0.0")
    assert loop.synced() == ({"~ Deployment orders"}, set())

    loop.write("functions.yaml", SPEC.replace("  environments:", AUDIT + "  environments:"))
    loop.plait("generate")
    loop.publish("audit")
    assert loop.synced() == ({"+ Deployment audit", "+ Service audit", "+ Trigger audit"}, set())

    dev, prod = loop.promote()
    assert dev == set()
    assert "~ Deployment orders" in prod
    assert {item.split()[-1] for item in prod} == {"orders", "audit"}

    loop.git("revert", "--no-edit", "HEAD")
    loop.git("push", "--quiet", "origin", "main")
    dev, back = loop.synced()
    signs = {"+": "-", "-": "+", "~": "~"}
    assert dev == set()
    assert back == {signs[item[0]] + item[1:] for item in prod}


def test_code_in_git(loop: Loop) -> None:
    """New code is a new ConfigMap and another Deployment, in dev at its release, in prod at its promotion."""
    loop.promote()
    loop.write("functions/invoice/function.py", "def handle(event):\n    return 1\n")
    loop.plait("release", "dev", "invoice", "--follow")
    loop.publish("invoice")
    dev, prod = loop.synced()
    assert prod == set()
    assert {item[0] for item in dev if "ConfigMap" in item} == {"+", "-"}
    assert {item for item in dev if "ConfigMap" not in item} == {"~ Deployment invoice"}
    loop.plait("promote", "dev", "prod", "invoice")
    loop.publish("Promote invoice")
    assert loop.synced() == (set(), dev)


def test_a_function_goes(loop: Loop) -> None:
    """From dev at once, from prod by promotion; nothing else is touched."""
    loop.promote()
    start, end = SPEC.index("    invoice:"), SPEC.index("  environments:")
    loop.write("functions.yaml", SPEC[:start] + SPEC[end:])
    loop.plait("generate")
    loop.publish("No invoice")
    dev, prod = loop.synced()
    assert prod == set()
    assert {item[0] for item in dev} == {"-"}
    assert all(item.split()[-1].startswith("invoice") for item in dev)
    loop.plait("promote", "dev", "prod", "invoice")
    loop.publish("Promote the removal")
    gone, prod = loop.synced()
    assert gone == set()
    assert {item[0] for item in prod} == {"-"}
    assert all(item.split()[-1].startswith("invoice") for item in prod)
