"""Core exports: arguments in, results out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait_handler import Reject
from plait_wasmtime.errors import GuestError
from plait_wasmtime.values.numbers import number

from .guests import Make, event, loaded

KINDS = ("i32", "i64", "f32", "f64")
SAME = (
    "(module " + "".join(f'(func (export "{k}") (param {k}) (result {k}) local.get 0)' for k in KINDS) + ")"
)
ADD = '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))'
TWO = '{"args": ["data.a", "data.b"]}'


def test_arguments_from_the_event(make: Make) -> None:
    """By expressions; without an adapter the result is plain data."""
    assert make(ADD, PLAIT_WASM=TWO).with_data({"a": 4, "b": 14}) == {"result": 18}
    assert make(ADD, PLAIT_WASM='{"args": [2, "subject"]}').run(event(subject="40")) == {"result": 42}


def test_the_adapter(make: Make, tmp_path: Path) -> None:
    """Has the event, gives the arguments, has the result, gives the reply."""
    (tmp_path / "adapter.py").write_text(
        "def extract_args(event): return [event.get_data()['n'], 2]\n"
        "def create_response(event, result): return f'{event.get_id()}: {result}'\n"
    )
    assert make(ADD).with_data({"n": 5}) == "1: 7"


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (
            "5",
            "extract_args of adapter.py returned 5, where a list of 2 numbers belongs: add(i32, i32) -> i32",
        ),
        ("[1]", "extract_args of adapter.py returned [1], where a list"),
        ("{1: 2, 3: 4}", "extract_args of adapter.py returned {1: 2, 3: 4}, where"),
    ],
)
def test_an_adapter_that_returns_nonsense(make: Make, tmp_path: Path, returned: str, message: str) -> None:
    """Is a failure, with what belongs there."""
    (tmp_path / "adapter.py").write_text(f"def extract_args(event): return {returned}\n")
    with pytest.raises(GuestError) as raised:
        make(ADD).run()
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": 1}, "data.b is not there"),
        ([1], "data.a is not there: data is a list"),
        ({"a": 1, "b": "2"}, "argument 2 (data.b) is text, where a number (i32) belongs"),
        ({"a": 1, "b": True}, "argument 2 (data.b) is true or false, where a number (i32) belongs"),
        ({"a": 1, "b": None}, "argument 2 (data.b) is null, where a number (i32) belongs"),
        ({"a": 1.5, "b": 1}, "argument 1 (data.a) is 1.5, where a whole number (i32) belongs"),
        ({"a": 2**32, "b": 1}, "argument 1 (data.a) is 4294967296, which i32 does not hold"),
        ({"a": 1, "b": -(2**31) - 1}, "argument 2 (data.b) is -2147483649, which i32 does not hold"),
        (None, "the event has no data"),
    ],
)
def test_events_that_do_not_fit(make: Make, data: Any, message: str) -> None:
    """Are rejected, with the argument that is wrong."""
    with pytest.raises(Reject) as raised:
        make(ADD, PLAIT_WASM=TWO).with_data(data)
    assert str(raised.value) == message


def test_an_event_without_data(make: Make) -> None:
    """Is rejected where data is asked for; and one whose data is no JSON."""
    guest = make(ADD, PLAIT_WASM=TWO)
    with pytest.raises(Reject, match="the event has no data"):
        guest.run(event(None))
    with pytest.raises(Reject, match="the event's data is not JSON"):
        guest.run(event(b"{"))


@given(
    st.sampled_from(KINDS), st.integers() | st.floats(allow_nan=False) | st.floats(width=32, allow_nan=False)
)
def test_numbers_keep_their_bits(kind: str, value: float) -> None:
    """A number is refused, or it is in the type what it was; for integers, modulo the sign."""
    try:
        converted = number(kind, value, "n")
    except Reject:
        assert not _fits(kind, value)
        return
    assert _fits(kind, value)
    if kind in ("i32", "i64"):
        assert isinstance(converted, int)
        assert (converted - value) % 2 ** int(kind[1:]) == 0
    else:
        assert converted == value or isinstance(value, int) or math.isinf(value)


def _fits(kind: str, value: float) -> bool:
    if kind in ("i32", "i64"):
        bits = int(kind[1:])
        return (
            value == value // 1 and -(2 ** (bits - 1)) <= value < 2**bits if math.isfinite(value) else False
        )
    # Half a step above the largest number that the type has is where it rounds to infinity.
    limit = 2**128 - 2**103 if kind == "f32" else 2**1024 - 2**970
    return abs(value) < limit or value in (math.inf, -math.inf)


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("i32", 4294967295, -1),
        ("i32", -2147483648, -2147483648),
        ("i32", 4.0, 4),
        ("i64", 2**63, -(2**63)),
        ("i64", 9007199254740993, 9007199254740993),
        ("f32", 0.1, 0.10000000149011612),
        ("f64", 0.1, 0.1),
        ("f64", 10, 10.0),
    ],
)
def test_numbers_through_a_module(make: Make, kind: str, value: float, result: float) -> None:
    """Come back as they went in; an unsigned integer as signed, 0.1 in 32 bits as that."""
    guest = make(SAME, PLAIT_WASM='{"args": ["data"]}', FUNCTION_NAME=kind)
    assert guest.with_data(value) == {"result": result}


def test_results(make: Make) -> None:
    """None for none, a list for several, and a failure for a number that JSON does not have."""
    assert make('(module (func (export "f")))').run() is None
    several = '(module (func (export "f") (result i32 f64) (i32.const 1) (f64.const 0.5)))'
    assert make(several).run() == {"result": [1, 0.5]}
    with pytest.raises(
        GuestError, match="the result is nan, which JSON does not have: write create_response"
    ):
        make('(module (func (export "f") (result f64) (f64.const nan)))').run()


def test_a_reactor(make: Make) -> None:
    """A library that is to be initialized first is, in each instance."""
    module = """(module (global $n (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 7))))
        (func (export "f") (result i32) (global.get $n)))"""
    guest = make(module)
    assert [guest.run(), guest.run()] == [{"result": 7}] * 2


def test_a_reactor_that_exits(make: Make) -> None:
    """Has not returned."""
    module = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1) (func (export "f") (call $exit (i32.const 0))))"""
    with pytest.raises(GuestError, match=r"called exit\(0\) in place of returning"):
        make(module).run()


def test_the_example() -> None:
    """4 and 14 are 18."""
    root = Path(__file__).parents[3]
    guest = loaded(root / "functions" / "wasm-example", {})
    reply = guest.run()
    guest.function.sandbox.close()
    assert reply.get_data() == "function: add, returned 18: i32"
    assert reply.get_type() == "dev.nodeshift.samples.fromwasm"
