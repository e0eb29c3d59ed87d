"""The server around a module: what a Broker sees."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import Start
from .hostile import ENDLESS, FAILING, LOOP
from .serving import Server, eventually, run

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
    event = {
        name: value for name, value in answer.headers.items() if name.startswith("ce-") or "type" in name
    }
    assert event.pop("ce-id")
    assert event.pop("ce-time")
    assert event == {
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
    answer = server.post({"a": 5})
    assert (answer.status, answer.body) == (200, b'{"result":7}')
    assert (answer.headers["ce-type"], answer.headers["ce-source"]) == ("reply", "/sum")
    rejected = server.post({"a": "5"})
    assert rejected.status == 400
    assert rejected.body == b"argument 1 (data.a) is text, where a number (i32) belongs\n"


@pytest.mark.parametrize("name", ["unreachable", "recursion", "memory bomb", "exit code", "gc bomb"])
def test_failures(start: Start, name: str) -> None:
    """500 with an opaque body, the sentence beside the event's id in the log; the same worker serves on."""
    module, message = FAILING[name]
    server = start(module, PLAIT_MEMORY=8 * 1024 * 1024)
    workers = server.workers()
    answers = [server.post(id=str(number)) for number in range(3)]
    assert [(answer.status, answer.body) for answer in answers] == [(500, b"the function failed\n")] * 3
    assert server.get("/health/liveness").status == 200
    assert server.workers() == workers
    lines = [line for line in server.stop() if line.get("message") == "failed"]
    assert [line["event_id"] for line in lines] == ["0", "1", "2"]
    assert all(message in line["reason"] and "traceback" not in line for line in lines)


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends(start: Start, name: str) -> None:
    """504, when its time is up; probes are answered meanwhile; its threads are free again afterwards."""
    server = start(ENDLESS[name], PLAIT_TIMEOUT=2, PLAIT_CONCURRENCY=4)
    workers = server.workers()
    for _ in range(2):
        with ThreadPoolExecutor(4) as clients:
            posted = [clients.submit(server.post) for _ in range(4)]
            eventually(lambda: server.in_flight() == 4)
            assert server.get("/health/liveness").status == 200
            assert server.post().status == 429
            assert [each.result().status for each in posted] == [504] * 4
    assert server.workers() == workers


def test_slow_and_quick_together(start: Start) -> None:
    """An event that takes all its time holds up no other."""
    server = start(SLOW, PLAIT_WASM=NUMBER, PLAIT_TIMEOUT=3)
    with ThreadPoolExecutor(4) as clients:
        slow = [clients.submit(server.post, 1) for _ in range(4)]
        eventually(lambda: server.in_flight() == 4)
        assert [server.post(0).status for _ in range(20)] == [200] * 20
        assert not any(each.done() for each in slow)
        assert [each.result().status for each in slow] == [504] * 4


def test_fifty_at_once(start: Start) -> None:
    """Each has an instance of its own: none sees what another wrote."""
    server = start(COUNTER, PLAIT_WASM=NUMBER)
    with ThreadPoolExecutor(50) as clients:
        answers = list(clients.map(server.post, range(50)))
    expected = [b'{"result":[%d,200000]}' % (200000 * number) for number in range(50)]
    assert [answer.body for answer in answers] == expected


def test_sigterm_finishes_what_is_in_flight(start: Start) -> None:
    """Events that are with the module are answered, and the process ends by itself."""
    server = start(SLOW, PLAIT_WASM=NUMBER, PLAIT_TIMEOUT=2)
    with ThreadPoolExecutor(8) as clients:
        posted = [clients.submit(server.post, 1) for _ in range(8)]
        eventually(lambda: server.in_flight() == 8)
        server.terminate()
        assert [each.result().status for each in posted] == [504] * 8
    assert server.process.wait(30) == 0


def test_a_worker_that_dies(start: Start) -> None:
    """Another takes its place."""
    server = start(ADD, PLAIT_WASM='{"args": [1, 2]}')
    (worker,) = server.workers()
    subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(worker)], check=True)  # noqa: S607
    eventually(lambda: server.workers() not in ([], [worker]))
    eventually(lambda: _status(server) == 200)


def _status(server: Server) -> int:
    try:
        return server.post().status
    except OSError:
        return 0


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "message"),
    [
        (["nowhere"], {}, 2, "nowhere is not a folder"),
        (["{dir}"], {"MODULE_PATH": "b.wasm"}, 2, "MODULE_PATH=b.wasm: {dir}/b.wasm is not a file; in"),
        (["{dir}"], {"PLAIT_MEMORY": "x"}, 2, "PLAIT_MEMORY=x: must be a whole number"),
        (["{dir}"], {"PLAIT_TIMEOUT": "x"}, 2, "PLAIT_TIMEOUT=x: must be a number of seconds"),
        (
            ["{dir}"],
            {"FUNCTION_NAME": "sub"},
            3,
            "add.wat has no function 'sub'; it exports add(i32, i32) -> i32",
        ),
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    given = [argument.format(dir=tmp_path) for argument in arguments]
    returned, _, error = run(*given, PORT=port, **variables)
    assert returned == code
    assert re.search(f"plait-wasmtime: error: {re.escape(message.format(dir=tmp_path))}", error)
    assert "Traceback" not in error
