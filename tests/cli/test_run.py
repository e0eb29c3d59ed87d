"""`plait run` with functions.yaml: real functions, a real broker, from the first line to the last process."""

import json
import re
import signal
from typing import Any

import pytest

from plait.local.client import Broker
from tests.cli.live import PLACED, Live, live, shop, until
from tests.cli.workspace import Workspace
from tests.local.processes.support import marked

DIES = """
import os, pathlib
def handle(event):
    mark = pathlib.Path({path!r})
    if not mark.exists():
        mark.touch()
        os.kill(os.getppid(), 9)
        os._exit(1)
"""
SLOW = """
import asyncio
async def handle(event):
    print("in flight", flush=True)
    await asyncio.sleep(1)
    return {}
"""
ONCE = {"retry": 0}


def delivery(workspace: Workspace, running: Live, event: str = "1") -> dict[str, Any]:
    """The only delivery of an event, as plait trace shows it."""
    trace = json.loads(workspace.ok("trace", event, "--port", running.port, "--format", "json").out)
    found: dict[str, Any]
    (found,) = (item for item in trace["triggers"] if item["matched"])
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_event_goes_through(empty: Workspace, number: signal.Signals) -> None:
    """It says what runs where, delivers, and ends in order with exit code 0; no process is left."""
    with live(shop(empty.root), "--memory") as running:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/shop/default", running.url)
        said = [f"broker  {running.url}\n", f"page    http://127.0.0.1:{running.port}/_plait/\n"]
        example = f"""plait send --port {running.port} --type {PLACED} --data '{{"hello": "world"}}'\n"""
        assert [text for text in [*said, example] if text not in running.log] == []
        empty.ok("send", "--port", running.port, "--type", PLACED, "--id", "4711")
        until(lambda: re.search("stock .*com.example.order.paid from /shop/orders", running.log))
        assert len(marked(f"MARK-{empty.root}")) > 2
        assert running.end(number) == 0
        assert re.findall(r"^(\w+) +\| stops$", running.log, re.MULTILINE) == ["stock", "orders"]
    assert not empty.path(".plait").exists()


def test_a_function_that_is_down(empty: Workspace) -> None:
    """Until it is back it refuses connections, as a Service without pods, and the delivery is tried again."""
    own = {"orders": {"delivery": {"retry": 1000, "backoffPolicy": "linear", "backoffDelay": "PT0.1S"}}}
    with live(
        shop(empty.root, orders=DIES.format(path=f"{empty.root}/died"), own=own), "--memory"
    ) as running:
        empty.ok("send", "--port", running.port, "--type", PLACED)
        until(lambda: delivery(empty, running)["state"] == "done")
        first, *others, last = delivery(empty, running)["attempts"]
        assert (first["error"], last["status"]) == ("EOF", 204)
        away = [attempt for attempt in others if attempt["url"].endswith("/orders-is-not-running")]
        assert {attempt["error"].rpartition(": ")[2] for attempt in away} == {"connection refused"}


def test_what_is_in_flight_at_the_end(empty: Workspace) -> None:
    """Ctrl-C lets a function finish; its reply is kept, though nobody takes it any more, for the next start."""
    own = {"orders": {"delivery": ONCE}, "stock": {"delivery": ONCE}}
    with live(shop(empty.root, orders=SLOW, own=own)) as running:
        empty.ok("send", "--port", running.port, "--type", PLACED)
        until(lambda: "in flight" in running.log)
        assert running.end() == 0
    assert empty.read(".plait/.gitignore") == "*\n"
    with live(empty.root) as running:
        assert "note: 1 delivery was open, it goes on" in running.log
        assert delivery(empty, running)["state"] == "done"
        until(lambda: delivery(empty, running, "2")["state"] == "done")


def test_functions_yaml_is_saved(empty: Workspace) -> None:
    """New Triggers take events at once; while it has a mistake, those before stay."""
    with live(shop(empty.root), "--memory") as running:
        empty.change("type: com.example.order.placed\n      emits", "type: com.example.changed\n      emits")
        until(lambda: "functions.yaml was read again" in running.log)
        empty.ok("send", "--port", running.port, "--type", "com.example.changed")
        assert delivery(empty, running)["trigger"] == "shop/orders"
        empty.change(
            "retry: 2", "retry: 2\n        deadLetter: {ref: {apiVersion: v1, kind: Service, name: morgue}}"
        )
        until(lambda: "where is morgue?" in running.log)
        empty.ok("send", "--port", running.port, "--type", "com.example.changed", "--id", "second")
        assert delivery(empty, running, "second")["trigger"] == "shop/orders"


def test_an_environment(empty: Workspace) -> None:
    """Its namespace and the delivery of its Broker apply."""
    dev = {"platform": "minikube", "namespace": "shop-dev", "broker": {"delivery": {"retry": 7}}}
    with live(shop(empty.root, environments={"dev": dev}), "--memory", "--env", "dev") as running:
        assert running.url.endswith("/shop-dev/default")
        triggers = Broker("127.0.0.1", int(running.port)).brokers()[0]["triggers"]
        assert [(item["name"], item["retry"]) for item in triggers] == [("orders", 2), ("stock", 7)]


def test_functions_that_run_elsewhere(empty: Workspace) -> None:
    """A container gets events at its URL, or at that of --map; one without is told once, and gets none."""
    container: dict[str, Any] = {"runtime": "container", "source": None, "subscribes": [{"type": PLACED}]}
    here = {**container, "container": {"url": "http://127.0.0.1:9/"}}
    own = {"here": here, "away": container, "there": container}
    with live(shop(empty.root, own=own), "--memory", "--map", "there=http://127.0.0.1:9/in") as running:
        assert running.log.count("no event reaches it") == 1
        assert "away has no container.url: no event reaches it" in running.log
        triggers = Broker("127.0.0.1", int(running.port)).brokers()[0]["triggers"]
        urls = {item["name"]: item["subscriber"] for item in triggers}
        assert list(urls) == ["here", "away", "there", "orders", "stock"]
        assert (urls["here"], urls["away"]) == ("http://127.0.0.1:9/", None)
        assert urls["there"] == "http://127.0.0.1:9/in"


def test_json_logs(empty: Workspace) -> None:
    """Every line on standard error is an object."""
    with live(shop(empty.root), "--memory", "--log-format", "json") as running:
        assert running.end() == 0
        assert {json.loads(line)["function"] for line in running.log.splitlines()} == {
            "plait",
            "orders",
            "stock",
        }


def test_it_is_refused(shop: Workspace) -> None:
    """Nothing is started, and no store made, for a mistake in functions.yaml or in the options."""
    shop.write("functions/orders/function.py", "def handle(event): pass\n")
    assert "no environment named 'prod'" in shop.refused("run", "--env", "prod", code=2)
    assert "--until-idle goes with --send" in shop.refused("run", "--until-idle", code=2)
    assert "--memory and --data exclude" in shop.refused("run", "--memory", "--data", "x", code=2)
    assert "--env: not with -f" in shop.refused("run", "-f", "x.yaml", "--env", "prod", code=2)
    sink = "  broker: {delivery: {deadLetter: {ref: {apiVersion: v1, kind: Service, name: morgue}}}}\n"
    shop.change("  functions:\n", f"{sink}  functions:\n")
    assert "where is morgue?" in shop.refused("run", code=2)


def test_no_functions_yaml(empty: Workspace) -> None:
    """It says what to do, and what does without one."""
    told = empty.refused("run", code=2)
    assert told.startswith("error: no functions.yaml here\n  hint: plait init writes one; -f FILE runs ")


def test_the_port_is_taken(empty: Workspace) -> None:
    """Said before a function starts."""
    with live(shop(empty.root), "--memory") as running:
        told = empty.plait("run", "--memory", "--port", running.port)
        assert (told.code, told.out) == (1, "")
        place = f"127.0.0.1:{running.port}"
        assert told.err.startswith(
            f"error: {place}: cannot listen: Address already in use\n  hint: --port 0 "
        )


def test_an_address_of_another_machine(empty: Workspace) -> None:
    """Another port would not help, and the hint says what would."""
    shop(empty.root)
    told = empty.refused("run", "--memory", "--host", "192.0.2.1", "--port", "0")
    assert told.startswith("error: 192.0.2.1:0: cannot listen: ")
    assert told.endswith("\n  hint: --host is an address of this machine\n")
