"""`plait run -f` as a process: it reads its files again, and says what is odd in them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.cli.live import ALONE, Live, batch, event, live, until
from tests.cli.workspace import Workspace

RETRY = "retry: 1, backoffPolicy: linear, backoffDelay: PT0S"
READ_AGAIN = "Brokers and Triggers were read again"


def retries(workspace: Workspace, running: Live) -> int:
    """How often the Trigger's delivery is repeated now."""
    answer = workspace.ok("events", "--port", running.port, "--format", "json").out
    return (
        max((item["deliveries"][0]["attempts"] for item in map(json.loads, answer.splitlines())), default=0)
        - 1
    )


@pytest.mark.parametrize("named", [".", "k8s/shop.yaml"])
def test_a_file_is_saved(empty: Workspace, named: str) -> None:
    """What it says holds from then on; while it has a mistake, what was before goes on."""
    file = empty.path("k8s/shop.yaml")
    file.parent.mkdir()
    file.write_text(ALONE.format(retry="retry: 0"))
    with live(empty.root, "-f", named, "--memory") as running:
        file.write_text(ALONE.format(retry="retry: -1"))
        until(lambda: "invalid value: -1" in running.log and "what ran before goes on" in running.log)
        empty.write("k8s/.hidden.yaml", "a: [")
        fresh = empty.path("fresh.new")
        fresh.write_text(ALONE.format(retry=RETRY))
        fresh.replace(file)
        until(lambda: READ_AGAIN in running.log)
        empty.ok("send", "--port", running.port, "--type", "t")
        until(lambda: retries(empty, running) == 1)
        assert running.end(signal.SIGTERM) == 0
        assert running.log.count("what ran before goes on") == 1
        assert running.log.count(READ_AGAIN) < 3


def test_files_are_left_alone(empty: Workspace) -> None:
    """With --no-reload nothing is read again."""
    file = empty.path("shop.yaml")
    file.write_text(ALONE.format(retry="retry: 0"))
    with live(empty.root, "-f", "shop.yaml", "--memory", "--no-reload") as running:
        file.write_text(ALONE.format(retry=RETRY))
        empty.ok("send", "--port", running.port, "--type", "t")
        until(lambda: "given up" in running.log)
        assert retries(empty, running) == 0
        assert READ_AGAIN not in running.log


def test_a_feature_of_the_cluster(tmp_path: Path) -> None:
    """One line for each Broker or Trigger with retryAfterMax, with its place: a cluster may refuse it."""
    (tmp_path / "shop.yaml").write_text(
        ALONE.format(retry="retry: 0, retryAfterMax: PT1S").replace("retry: 0", RETRY)
    )
    done = batch(tmp_path, event(), "-f", "shop.yaml")
    notes = [line for line in done.stderr.splitlines() if "note: " in line]
    told = "a cluster takes retryAfterMax only with the feature delivery-retryafter on"
    (note,) = notes
    assert note.partition("note: ")[2].startswith("shop.yaml:4:")
    assert note.endswith(f": Broker default: {told}")
