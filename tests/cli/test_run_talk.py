"""What `plait run` says while a batch of events goes through."""

import json
from pathlib import Path

from tests.cli.live import ALONE, BATCH, PAID, PLACED, batch, event, shop
from tests.cli.workspace import process

TELLS = """
import os
from plait_handler import Reject
def handle(event): raise Reject("no " + os.environ["TOKEN"] + " for you")
"""


def test_a_delivery_waits(tmp_path: Path) -> None:
    """Each wait is one line under the function's name; how it ended is told once, at the end."""
    delivery = {"retry": 2, "backoffPolicy": "exponential", "backoffDelay": "PT0.1S"}
    own = {"orders": {"subscribes": [{"name": "placed", "type": PLACED}], "delivery": delivery}}
    done = batch(shop(tmp_path, own=own), event(data="later"))
    told = [line for line in done.stderr.splitlines() if "| event 1 " in line]
    assert told == [
        "orders | event 1 failed with 503; retry 1 of 2 in 0.1 s",
        "orders | event 1 failed with 503; retry 2 of 2 in 0.2 s",
        "plait  | event 1 was given up for shop/placed",
    ]


def test_waits_as_records(tmp_path: Path) -> None:
    """With --log-format json all that is said is an object a line, of a broker alone too."""
    policy = "retry: 1, backoffPolicy: exponential, backoffDelay: PT0.1S"
    (tmp_path / "shop.yaml").write_text(ALONE.format(retry=policy))
    done = batch(tmp_path, event(), "-f", "shop.yaml", "--log-format", "json")
    assert [json.loads(line) for line in done.stderr.splitlines()] == [
        {
            "function": "default/orders",
            "level": "warning",
            "logger": "plait",
            "message": "event 1 failed: connection refused; retry 1 of 1 in 0.1 s",
        },
        {
            "function": "plait",
            "level": "error",
            "logger": "plait",
            "message": "event 1 was given up for default/orders",
        },
    ]


def test_an_event_that_reaches_nobody(tmp_path: Path) -> None:
    """Exit code 0, and one line a piece: the nearest Trigger and why it is not that, if one is near."""
    away = {"runtime": "container", "source": None, "subscribes": [{"type": "away"}]}
    events = [event(type=PLACED.replace("ac", "ca")), event(type="away"), event(type="else")]
    done = batch(shop(tmp_path, own={"away": away}), events)
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if " reaches nobody" in line]
    typo = f'type is "com.example.order.plcaed", exact wants "{PLACED}"'
    url = "no url: functions.yaml has no container.url for away"
    assert told == [
        f"plait  | event 1 reaches nobody; the nearest is shop/orders: {typo}",
        f"plait  | event 2 reaches nobody; the nearest is shop/away: {url}",
        "plait  | event 3 reaches nobody: no Trigger asks for the like",
    ]


def test_contracts_are_in_the_trace(tmp_path: Path) -> None:
    """In what the data of an event and of its reply break theirs; it is delivered all the same."""
    (tmp_path / "order.json").write_text('{"required": ["total"]}')
    contract = {"schema": "order.json"}
    root = shop(tmp_path, events={PLACED: contract, PAID: contract})
    done = batch(root, [event(data={}), event(data={"total": 1})], "--format", "json")
    bad, good = map(json.loads, done.stdout.splitlines())
    told = ["$: 'total' is a required property"]
    assert (done.returncode, bad["contract"], "contract" in good) == (0, told, False)
    assert good["triggers"][-1]["replies"][0]["contract"] == told


def test_a_secret_that_a_function_tells(tmp_path: Path) -> None:
    """It is masked in the trace, on both streams and in the store's file."""
    token = {"secret": {"name": "payment", "key": "token"}}
    root = shop(tmp_path, orders=TELLS, own={"orders": {"env": {"TOKEN": token, "MARK": f"MARK-{tmp_path}"}}})
    (root / ".env").write_text("TOKEN=sesame-open\n")
    (root / "events.json").write_text(json.dumps(event()))
    done = process(*BATCH, "events.json", "--data", "kept", cwd=root)
    assert (done.returncode, done.stdout.count("no *** for you")) == (1, 1)
    kept = b"".join(file.read_bytes() for file in (root / "kept").iterdir())
    assert b"no *** for you" in kept
    assert "sesame" not in done.stdout + done.stderr + kept.decode("latin-1")
