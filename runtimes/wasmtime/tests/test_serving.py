"""The server around a module: what a Broker sees."""

from __future__ import annotations

import contextlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from runtimes.conformance.command import run
from runtimes.conformance.server import JSON, Server, Start
from runtimes.conformance.wire import Client, eventually, posted

from .conftest import COMMAND
from .hostile import ENDLESS, FAILING, LOOP

ROOT = Path(__file__).parents[3]
ADD = """(module (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1))))"""
SLOW = f"""(module (func (export "f") (param i32) (result i32)
    (if (local.get 0) (then {LOOP})) (i32.const 7)))"""
"""Runs for ever where its argument is not 0."""
COUNTER = """(module (memory 1) (global $n (mut i32) (i32.const 0))
    (func (export "f") (param i32) (result i32 i32)
      (local $i i32)
      (loop $l
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get 0)))
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000))))
      (i32.load (i32.const 0)) (global.get $n)))"""
"""200,000 turns that add its argument in memory and 1 in a global."""
NUMBER = '{"args": ["data"]}'


def test_the_example(start: Start) -> None:
    """The seed's module: 4 and 14 are 18, from a folder and nothing else."""
    answer = start(ROOT / "functions" / "wasm-example", PLAIT_REPLY_TYPE="").post()
    assert (answer.status, answer.body) == (200, b"function: add, returned 18: i32")
    assert {*answer.event} - {*answer.same_each_time} == {"ce-id", "ce-time"}
    assert answer.same_each_time == {
        "ce-specversion": "1.0",
        "ce-type": "dev.nodeshift.samples.fromwasm",
        "ce-source": "nodeshift/samples/wasm-example-service",
        "content-type": "text/plain",
    }


def test_as_in_a_pod(start: Start) -> None:
    """As plait generate configures it: an absolute path, a function, expressions. Plain data is wrapped."""
    path = ROOT / "functions" / "wasm-example" / "add.wat"
    directory = ROOT / "runtimes" / "wasmtime" / "wit"
    variables = {
        "PLAIT_WASM": '{"args": ["data.a", 2]}',
        "FUNCTION_NAME": "add",
        "PLAIT_REPLY_SOURCE": "/sum",
    }
    server = start(directory, MODULE_PATH=path, **variables)
    answer = server.post_json({"a": 5})
    assert (answer.status, answer.body) == (200, b'{"result":7}')
    assert (answer.headers["ce-type"], answer.headers["ce-source"]) == ("reply", "/sum")
    rejected = server.post_json({"a": "5"})
    assert rejected.status == 400
    assert rejected.body == b"argument 1 (data.a) is text, where a number (i32) belongs\n"


@pytest.mark.parametrize("name", ["unreachable", "gc bomb"])
def test_failures(start: Start, name: str) -> None:
    """500 with an opaque body, the sentence beside the event's id in the log; the same worker serves on."""
    module, message = FAILING[name]
    server = start(module, PLAIT_MEMORY=8 * 1024 * 1024)
    workers = server.workers()
    answers = [server.post(id=number) for number in "012"]
    assert [(answer.status, answer.body) for answer in answers] == [(500, b"the function failed\n")] * 3
    assert server.get("/health/liveness").status == 200
    assert server.workers() == workers
    lines = [server.logged(number) for number in "012"]
    assert all(message in line["reason"] and "traceback" not in line for line in lines)


@pytest.mark.parametrize("name", ["loop", "sleep for ever"])
def test_what_never_ends(start: Start, name: str) -> None:
    """504 when its time is up; its threads are free again afterwards. The rest is in test_failures.py."""
    server = start(ENDLESS[name], PLAIT_TIMEOUT=2, PLAIT_CONCURRENCY=2)
    workers = server.workers()
    for _ in range(2):
        with ThreadPoolExecutor(2) as clients:
            assert [*clients.map(server.status, "tt")] == [504, 504]
    assert server.workers() == workers


def test_slow_and_quick_together(start: Start) -> None:
    """Events that take all their time hold up no other, and no probe; clients that leave end them."""
    server = start(SLOW, PLAIT_WASM=NUMBER, PLAIT_TIMEOUT=300)
    slow = [Client(server.port) for _ in range(4)]
    for client in slow:
        client.send(posted(b"1", JSON))
    eventually(lambda: server.in_flight() == 4)
    assert [server.post_json(0).status for _ in range(20)] == [200] * 20
    assert server.get("/health/liveness").status == 200
    assert server.in_flight() == 4
    for client in slow:
        client.close()
    eventually(lambda: server.in_flight() == 0)


def test_fifty_at_once(start: Start) -> None:
    """Each has an instance of its own: none sees what another wrote."""
    server = start(COUNTER, PLAIT_WASM=NUMBER)
    with ThreadPoolExecutor(50) as clients:
        answers = list(clients.map(server.post_json, range(50)))
    expected = [b'{"result":[%d,200000]}' % (200000 * number) for number in range(50)]
    assert [answer.body for answer in answers] == expected


def test_a_missing_export(start: Start) -> None:
    """The server is there, and its readiness probe says 503; an event that comes all the same is 500."""
    server = start(ADD, ready=False, FUNCTION_NAME="sub")
    eventually(lambda: probe(server, "liveness") == 200)
    assert probe(server, "readiness") == 503
    assert server.status("t") == 500


def probe(server: Server, name: str) -> int | None:
    """The status of a probe; None where nothing listens."""
    with contextlib.suppress(OSError):
        return server.get(f"/health/{name}").status
    return None


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "message"),
    [
        (["{dir}"], {"MODULE_PATH": "b.wasm"}, 2, "MODULE_PATH=b.wasm: {dir}/b.wasm is not a file; in"),
        (["{dir}"], {"PLAIT_MEMORY": "x"}, 2, "PLAIT_MEMORY=x: must be a whole number"),
        (["{dir}"], {}, 3, "add(i32, i32) -> i32 of add.wat takes 2 arguments, and there are 0"),
        ([], {}, 2, "give either DIR, to serve, or --compile MODULE"),
        (["{dir}", "-o", "x"], {}, 2, "-o goes with --compile"),
    ],
)
def test_mistakes_at_the_start(
    tmp_path: Path, arguments: list[str], variables: dict[str, str], code: int, message: str
) -> None:
    """A sentence, an exit code, and no traceback."""
    (tmp_path / "add.wat").write_text(ADD)
    done = run([*COMMAND, *(argument.format(dir=tmp_path) for argument in arguments)], **variables)
    assert done.code == code
    assert re.search(f"plait-wasmtime: error: {re.escape(message.format(dir=tmp_path))}", done.err)
    assert "Traceback" not in done.err
