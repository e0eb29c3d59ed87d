"""`plait events --follow`."""

import signal
import subprocess

import pytest

from tests.cli.live import PAID, Shop, live
from tests.cli.workspace import Workspace, environment, script


@pytest.mark.parametrize("form", ["json", "text"])
def test_follow(local: Shop, form: str) -> None:
    """What there is, what comes, and what becomes of it; Ctrl-C ends it with 0."""
    local.placed()
    command = [script(), "events", "--follow", "--port", local.running.port, "--format", form, "--type", PAID]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        lines = iter(following.stdout.readline, "")
        if form == "text":
            assert next(lines).startswith("EVENT")
        assert PAID in next(lines)
        number = str(int(local.placed()) + 1)
        while number not in (line := next(lines)):
            pass
        while "delivered" not in line and '"done"' not in line:
            line = next(lines)
        following.send_signal(signal.SIGINT)
        assert following.stderr.read() == ""
    assert following.returncode == 0


def test_the_broker_goes_away(empty: Workspace) -> None:
    """--follow says so, and exits with 1; both where it ended and where it was killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        empty.write("broker.yaml", BROKER)
        with live(empty.root, "-f", "broker.yaml", "--memory") as running:
            empty.ok("send", "--port", running.port, "--type", "t")
            command = [script(), "events", "-f", "--port", running.port]
            following = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
            )
            assert following.stdout is not None
            assert [following.stdout.readline()[:5].strip() for _ in range(2)] == ["EVENT", "1"]
            running.process.send_signal(number)
            told = following.communicate(timeout=60)[1]
            assert following.returncode == 1
            assert told == f"error: http://127.0.0.1:{running.port}: the broker has ended\n"


BROKER = "apiVersion: eventing.knative.dev/v1\nkind: Broker\nmetadata: {name: default}\n"
