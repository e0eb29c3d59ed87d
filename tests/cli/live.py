"""`plait run` as a process, and projects for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cli.workspace import Result, Workspace, environment, process, script
from tests.local.processes.support import marked, write

PLACED = "com.example.order.placed"
PAID = "com.example.order.paid"
# Answers an order with a payment; refuses one whose data are "bad", puts off "later", keeps "late".
ORDERS = """
import asyncio
from plait_handler import Reject, RetryLater
async def handle(event):
    if event.get_data() == "bad":
        raise Reject("bad order")
    if event.get_data() == "later":
        raise RetryLater()
    if event.get_data() == "late":
        await asyncio.sleep(3600)
    return {"order": event.get_id()}
"""
STOCK = "def handle(event):\n    return None\n"
BATCH = ("run", "--port", "0", "--until-idle", "--send")
# A Broker alone, whose one Trigger leads to where nobody listens.
ALONE = """\
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {{name: default}}
spec: {{delivery: {{{retry}}}}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {{name: orders}}
spec: {{broker: default, subscriber: {{uri: "http://127.0.0.1:9/"}}}}
"""
QUICK = {"retry": 2, "backoffPolicy": "linear", "backoffDelay": "PT0.1S"}


def shop(
    root: Path,
    *,
    orders: str = ORDERS,
    stock: str = STOCK,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    **body: Any,
) -> Path:
    """Two Python functions: `orders` takes PLACED and answers with PAID, which `stock` takes.

    Args:
        root: where.
        orders, stock: their code.
        own: more fields of functions, or more functions.
        body: more of functions.yaml's spec.
    """
    fields = own or {}
    mark = {"MARK": f"MARK-{root}"}
    emits = [{"type": PAID, "source": "/shop/orders"}]
    functions: Mapping[str, Mapping[str, Any]] = {
        **fields,
        "orders": {
            "subscribes": [{"type": PLACED}],
            "emits": emits,
            "delivery": QUICK,
            **fields.get("orders", {}),
        },
        "stock": {"subscribes": [{"type": PAID}], **fields.get("stock", {})},
    }
    code(root, "orders", orders)
    marked_functions = {name: {"env": mark, **function} for name, function in functions.items()}
    return write(root, marked_functions, stock, **{"external": [{"type": PLACED}], **body})


def code(root: Path, name: str, text: str) -> None:
    """The source of a function."""
    folder = root / "functions" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "function.py").write_text(text)


def event(**attributes: Any) -> Mapping[str, Any]:
    """An event for `orders`."""
    kind = {"datacontenttype": "application/json"}
    return {"specversion": "1.0", "id": "1", "source": "/test", "type": PLACED, **kind, **attributes}


def batch(root: Path, events: Any, *args: str) -> subprocess.CompletedProcess[str]:
    """Send these and wait until all is done; nothing stays behind."""
    (root / "events.json").write_text(json.dumps(events))
    done = process(*BATCH, "events.json", *args, cwd=root)
    assert marked(f"MARK-{root}") == []
    assert not (root / ".plait").exists()
    assert "\nTraceback" not in done.stderr
    return done


def until(condition: Callable[[], object]) -> None:
    """Wait until it holds."""
    latest = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < latest, "this did not come true"
        time.sleep(0.05)


class Live:
    """A running `plait run`.

    Attributes:
        url: the line that it printed: the ingress of its Broker.
        port: of it.
    """

    def __init__(self, root: Path, *args: str) -> None:
        self.root, self._log = root, root / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [script(), "run", "--port", "0", *args],
                cwd=root,
                env=environment(MARK=f"MARK-{root}"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, self.log
        self.port = self.url.split(":")[2].partition("/")[0]

    @property
    def log(self) -> str:
        """What it has said."""
        return self._log.read_text()

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and wait until plait and its functions are gone; the exit code."""
        self.process.send_signal(number)
        result = self.process.wait(60)
        until(lambda: marked(f"MARK-{self.root}") == [])
        return result


@contextlib.contextmanager
def live(root: Path, *args: str) -> Iterator[Live]:
    """plait run in a folder; what a failed test leaves is ended."""
    running = None
    try:
        running = Live(root, *args)
        yield running
    finally:
        if running is not None:
            running.process.kill()
            running.process.wait()
            assert running.process.stdout is not None
            running.process.stdout.close()
        for process in marked(f"MARK-{root}"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


class Shop:
    """A running `shop`, and commands that talk to it."""

    def __init__(self, running: Live, workspace: Workspace) -> None:
        self.running, self.workspace = running, workspace

    def plait(self, command: str, *args: str) -> Result:
        """Run a command against it."""
        return self.workspace.plait(command, "--port", self.running.port, *args)

    def ok(self, command: str, *args: str) -> Result:
        """Run a command that has to succeed."""
        return self.workspace.ok(command, "--port", self.running.port, *args)

    def json(self, command: str, *args: str) -> list[Any]:
        """The objects that a command prints."""
        return [json.loads(line) for line in self.ok(command, "--format", "json", *args).out.splitlines()]

    def placed(self, *args: str) -> str:
        """Send an order; its number, once all that came of it is done."""
        (sent,) = self.json("send", "--type", PLACED, *args)
        until(lambda: self._settled(str(sent["seq"])))
        return str(sent["seq"])

    def _settled(self, number: str) -> bool:
        (trace,) = self.json("trace", number)
        return _all_closed(trace)


def _all_closed(trace: Any) -> bool:
    """Whether nothing in a trace is open. A reply is there as soon as its delivery is closed."""
    found = [item for item in trace["triggers"] if item["matched"]]
    return all(item["state"] != "open" and all(map(_all_closed, item["replies"])) for item in found)
