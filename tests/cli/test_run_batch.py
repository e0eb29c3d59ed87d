"""`plait run --send FILE --until-idle`: what scripts and CI rely on."""

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.live import ALONE, BATCH, PAID, PLACED, batch, event, shop, until
from tests.cli.workspace import Workspace, environment, process, script
from tests.local.processes.support import marked

ROOT = Path(__file__).parents[2]

FUNCTION = """\
    keep:
      runtime: python
      source: functions/keep
      image: registry.example.com/demo/keep:1.0.0
      subscribes: [{type: dev.nodeshift.samples.fromwasm}]
"""
NOT_NOW = "from plait_handler import RetryLater\ndef handle(event): raise RetryLater()\n"
KEEP = "def handle(event):\n    print('kept', event.get_data())\n"


def test_the_trace_is_printed(tmp_path: Path) -> None:
    """Each event of a list with its replies, and exit code 0; nothing else is on standard output."""
    done = batch(shop(tmp_path), [event(id="a", data={"n": 1}), event(id="b", type="com.example.unknown")])
    assert done.returncode == 0, done.stderr
    lines = [line.split(" in ")[0].rstrip() for line in done.stdout.splitlines()]
    paid = next(line for line in lines if line.endswith(PAID))
    assert lines[0].endswith(PLACED)
    assert {"  id a", "  id b", '  data {"n": 1}', "├── + orders  delivered", "│   ├── attempt 1: 200"} <= {
        *lines
    }
    assert paid.startswith("│   └── event ")
    assert [line for line in lines if "stock  delivered" in line] == ["│       ├── + stock  delivered"]
    assert sum(line.endswith("com.example.unknown") for line in lines) == 1
    assert done.stderr.count(" reaches nobody") == 1


def test_json(tmp_path: Path) -> None:
    """An object a line, of each event that was sent."""
    done = batch(shop(tmp_path), [event(id="a"), event(id="b")], "--format", "json")
    traces = [json.loads(line) for line in done.stdout.splitlines()]
    assert [trace["attributes"]["id"] for trace in traces] == ["a", "b"]
    (reply,) = traces[0]["triggers"][-1]["replies"]
    assert json.loads(reply["text"]) == {"order": "a"}


@pytest.mark.parametrize(
    ("sink", "word"),
    [({"deadLetter": {"function": "morgue"}}, "dead-lettered"), ({}, "given up")],
)
def test_something_is_lost(tmp_path: Path, sink: Mapping[str, Any], word: str) -> None:
    """An event that is refused is dead-lettered, or given up: exit code 1, and it says which."""
    own = {"orders": {"delivery": {"retry": 0, **sink}}, **({"morgue": {}} if sink else {})}
    done = batch(shop(tmp_path, own=own), event(data="bad"))
    assert done.returncode == 1
    assert f"event 1 was {word} for shop/orders\n" in done.stderr
    assert f"x orders  {word}" in done.stdout
    assert "attempt 1: 400 in " in done.stdout
    assert ("dead letter 1: 204 in " in done.stdout) == bool(sink)


def test_a_function_does_not_start(tmp_path: Path) -> None:
    """Nobody is there to mend it: exit code 1 at once, not after the timeout."""
    done = batch(shop(tmp_path, orders="import nothing_of_that_name\n"), event())
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: orders did not start" in done.stderr
    assert done.stderr.count("No module named 'nothing_of_that_name'") == 1
    assert re.search(r'^orders +\|   File ".*/orders/function\.py", line 1', done.stderr, re.MULTILINE)


def test_the_time_is_over(tmp_path: Path) -> None:
    """What became of the events until then is printed, and exit code 1 says that it is not all."""
    (tmp_path / "shop.yaml").write_text(
        ALONE.format(retry="retry: 2, backoffPolicy: linear, backoffDelay: PT1H")
    )
    done = batch(tmp_path, event(), "-f", "shop.yaml", "--timeout", "4")
    assert done.returncode == 1
    assert "error: 1 delivery is still open after 4 s\n" in done.stderr
    assert "~ orders  open" in done.stdout


def test_nobody_waits_for_an_event_in_flight(tmp_path: Path) -> None:
    """When the time is over, a function that still has the event is ended at once."""
    done = batch(shop(tmp_path, own={"orders": {"timeout": 3600}}), event(data="late"), "--timeout", "6")
    assert done.returncode == 1


def test_a_broker_alone(tmp_path: Path) -> None:
    """-f goes with it too: here nobody listens where the subscriber should be."""
    (tmp_path / "shop.yaml").write_text(ALONE.format(retry="retry: 0"))
    done = batch(tmp_path, event(), "-f", "shop.yaml")
    assert (done.returncode, done.stderr) == (1, "plait          | event 1 was given up for default/orders\n")
    assert "no answer in " in done.stdout
    (tmp_path / "other.yaml").write_text(
        ALONE.format(retry="retry: 0").replace("default", "other").replace("orders", "others")
    )
    done = batch(tmp_path, event(), "-f", "shop.yaml", "-f", "other.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--send is for one Broker" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "events.json:1:2: not JSON: Expecting property name"),
        ("[]", "events.json: no event in it\n  hint: "),
        ("[1]", "events.json: not a CloudEvent: a JSON object\n"),
        ('{"id": "1"}', "events.json: not a CloudEvent: it has no type\n"),
    ],
)
def test_a_file_without_events(shop_of_mine: Workspace, text: str, told: str) -> None:
    """Nothing is started for it."""
    shop_of_mine.write("events.json", text)
    assert told in shop_of_mine.refused(*BATCH, "events.json", code=2)


@pytest.fixture
def shop_of_mine(empty: Workspace) -> Workspace:
    """The functions of `shop`."""
    shop(empty.root)
    return empty


def test_it_goes_on(tmp_path: Path) -> None:
    """Without --until-idle the traces are printed, and plait run stays until it is told to end: exit code 0."""
    (tmp_path / "event.json").write_text(json.dumps(event()))
    command = [script(), "run", "--port", "0", "--memory", "--send", "event.json", "--format", "json"]
    with subprocess.Popen(
        command, cwd=shop(tmp_path), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["attributes"]["id"] == "1"
        assert running.poll() is None
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 0


def test_ctrl_c(tmp_path: Path) -> None:
    """Exit code 130: the batch was not done. No process is left."""
    delivery = {"retry": 2, "backoffPolicy": "linear", "backoffDelay": "PT1H"}
    shop(tmp_path, orders=NOT_NOW, own={"orders": {"delivery": delivery}})
    (tmp_path / "event.json").write_text(json.dumps(event()))
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            [script(), *BATCH, "event.json"], cwd=tmp_path, env=environment(), stderr=log
        )
    until(lambda: "ready at" in (tmp_path / "log").read_text())
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    assert marked(f"MARK-{tmp_path}") == []


def test_all_three_runtimes(tmp_path: Path) -> None:
    """The example, with a Python function behind: JavaScript answers, WebAssembly adds, Python keeps it."""
    for name in ("functions.yaml", "functions"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "functions" / "keep").mkdir()
    (tmp_path / "functions" / "keep" / "function.py").write_text(KEEP)
    text = (tmp_path / "functions.yaml").read_text().replace("  external:\n", FUNCTION + "  external:\n")
    (tmp_path / "functions.yaml").write_text(text)
    done = process(*BATCH, str(ROOT / "examples" / "js-example-event.json"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "data function: add, returned 18: i32\n" in done.stdout
    assert "+ keep  delivered" in done.stdout
    assert re.search(r"^keep +\| kept function: add, returned 18: i32$", done.stderr, re.MULTILINE)


def test_an_event_that_the_broker_refuses(tmp_path: Path) -> None:
    """Which one of the file, and why."""
    done = batch(shop(tmp_path), [event(), event(id="")])
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: events.json, event 2: the broker refuses it: id is missing or empty" in done.stderr
