"""Modules that fail, each in its own way: a sentence, and the next event is served."""

from __future__ import annotations

import re
import time

import pytest

from plait_handler import Reject, RetryLater
from plait_wasmtime.errors import GuestError, Interrupted
from plait_wasmtime.guest.command import Command
from plait_wasmtime.guest.failures import sentence

from .guests import Loaded, Make, event
from .hostile import ECHO, ENDLESS, FAILING, command, core, says


@pytest.mark.parametrize("name", FAILING)
def test_failures(make: Make, name: str) -> None:
    """Each event fails with a sentence for the log, the second as the first."""
    module, message = FAILING[name]
    guest = make(module, PLAIT_MEMORY="8388608")
    for _ in range(2):
        with pytest.raises(GuestError, match=re.escape(message)):
            guest.run()


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends(make: Make, name: str) -> None:
    """Is stopped soon after its time is up, wherever it is, and not before."""
    guest = make(ENDLESS[name])
    started = time.monotonic()
    with pytest.raises(Interrupted):
        guest.run(seconds=0.2)
    assert time.monotonic() - started >= 0.2


def test_exit_codes(make: Make) -> None:
    """0 is fine; 65 and 75 are Reject and RetryLater, whose reason is the last line of stderr."""
    write = "(drop (call $write (i32.const 2) (i32.const 1024) (i32.const 12)))"
    data = '(data (i32.const 1024) "first\\nreason")'
    assert make(command("(call $exit (i32.const 0))")).run() is None
    with pytest.raises(Reject, match=r"^reason$"):
        make(command(f"{write} (call $exit (i32.const 65))", data)).run()
    with pytest.raises(RetryLater, match=r"^reason$"):
        make(command(f"{write} (call $exit (i32.const 75))", data)).run()
    with pytest.raises(GuestError, match=r"exit code 1: reason$"):
        make(command(f"{write} (call $exit (i32.const 1))", data)).run()
    with pytest.raises(Reject, match=r"^the function rejected the event$"):
        make(command("(call $exit (i32.const 65))")).run()


def test_stdout_has_a_limit(make: Make) -> None:
    """An answer of just that size is taken; one byte more is a failure, and the module hears of it."""
    text = f'"{"x" * 98}"'
    assert limited(make(says(text)), 100).run() == "x" * 98
    with pytest.raises(GuestError, match="wrote more than 99 bytes to stdout"):
        limited(make(says(text)), 99).run()
    told = says(text, "(call $exit (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))")
    with pytest.raises(GuestError, match=r"exit code 51$"):  # errno NOSPC
        limited(make(told), 100).run()


def test_what_comes_in_may_go_out(make: Make) -> None:
    """An echo of an event of PLAIT_MAX_BODY is within the limit, although each character is six in JSON."""
    data = b"\1" * 9000
    assert make(ECHO, max_body=9000).run(event(data, "text/plain")).raw_data == data


def limited(guest: Loaded, size: int) -> Loaded:
    """The same command with another limit of stdout."""
    assert isinstance(guest.function.guest, Command)
    guest.function.guest.limit = size
    return guest


@pytest.mark.parametrize(
    ("call", "errno"),
    [
        ("(call $fd_write (i32.const 1) (i32.const 65530) (i32.const 1) (i32.const 8))", 21),
        ("(call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 8))", 21),
        ("(call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 8))", 28),
        ("(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 70000))", 21),
        ("(call $write (i32.const 1) (i32.const 65000) (i32.const 1000))", 21),
        ("(call $write (i32.const 1) (i32.const -1) (i32.const 1))", 21),
        ("(call $write (i32.const 0) (i32.const 1024) (i32.const 1))", 8),
        ("(call $write (i32.const 7) (i32.const 1024) (i32.const 1))", 8),
        ("(call $clock_time_get (i32.const 9) (i64.const 0) (i32.const 0))", 28),
        ("(call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 65535))", 21),
        ("(call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))", 28),
        ("(call $poll_oneoff (i32.const 65500) (i32.const 0) (i32.const 1) (i32.const 0))", 21),
        ("(call $poll_oneoff (i32.const 0) (i32.const 65530) (i32.const 1) (i32.const 0))", 21),
    ],
)
def test_calls_with_nonsense(make: Make, call: str, errno: int) -> None:
    """Addresses outside the memory, descriptors that are none: an errno for the module, and nothing else."""
    with pytest.raises(GuestError, match=f"exit code {errno}$"):
        make(command(f"(call $exit {call})")).run()


def test_a_module_without_memory(make: Make) -> None:
    """Has nothing to write from, and is told so."""
    module = """(module (import "wasi_snapshot_preview1" "fd_write"
        (func $w (param i32 i32 i32 i32) (result i32)))
        (func (export "f") (result i32) (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 0))))"""
    assert make(module).run() == {"result": 21}


def test_stdin_need_not_be_read(make: Make) -> None:
    """A command that does nothing at all has no reply."""
    assert make(command("")).run() is None


def test_nothing_is_kept(make: Make) -> None:
    """A counter in a global, a page of memory more: each event finds them as at first."""
    module = core(
        """(global.set $n (i32.add (global.get $n) (i32.const 1)))
        (drop (memory.grow (i32.const 1))) (global.get $n) (memory.size)""",
        "(global $n (mut i32) (i32.const 0)) (memory 1)",
        result="(result i32 i32)",
    )
    guest = make(module)
    assert [guest.run() for _ in range(3)] == [{"result": [1, 2]}] * 3


def test_an_echo(make: Make) -> None:
    """Of the event is the event, its data to the letter."""
    data = b'{"n": 1.50, "text": "\\u00e9"}'
    answer = make(ECHO).run(event(data))
    assert (answer.get_id(), answer.get_type(), answer.raw_data) == ("1", "t", data)


def test_sentences() -> None:
    """What wasmtime says in many lines is one, with no more than the innermost frames."""
    frames = "\n".join(f"    {n}:     0x1e - m!f{n}" for n in range(9))
    text = f"error while executing at wasm backtrace:\n{frames}\n\nCaused by:\n    wasm trap: x\n"
    assert sentence(text) == "wasm trap: x, in m!f0 < m!f1 < m!f2 < m!f3 < m!f4"
    assert (
        sentence("failed to parse\n\nCaused by:\n    0: bad\n    1: worse")
        == "failed to parse: 0: bad: 1: worse"
    )
    assert sentence("plain") == "plain"
