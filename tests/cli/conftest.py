"""Folders to run commands in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.live import Live, Shop, live
from tests.cli.live import shop as shop_project
from tests.cli.workspace import SHOP, Workspace


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLAIT_DEBUG", raising=False)
    monkeypatch.setattr("sys.argv", ["plait"])
    return Workspace(tmp_path, capsys)


@pytest.fixture
def shop(empty: Workspace) -> Workspace:
    """A functions.yaml with two functions and three stages; nothing generated yet."""
    empty.write("functions.yaml", SHOP)
    empty.write("functions/orders/function.py", "def handle(event):\n    return None\n")
    empty.write("functions/invoice/index.js", "module.exports = { handle: async () => null };\n")
    return empty


@pytest.fixture
def staged(shop: Workspace) -> Workspace:
    """The same, generated, and promoted through all three stages."""
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    shop.ok("promote", "staging", "production")
    return shop


@pytest.fixture(scope="module")
def live_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """plait run with two functions, for all tests of a module."""
    with live(shop_project(tmp_path_factory.mktemp("shop")), "--memory") as running:
        yield running


@pytest.fixture
def local(live_shop: Live, empty: Workspace) -> Shop:
    """The same, and commands that talk to it from an empty folder."""
    return Shop(live_shop, empty)
