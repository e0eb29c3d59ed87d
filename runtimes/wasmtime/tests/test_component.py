"""Components."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plait_handler import Reject, RetryLater
from plait_handler.errors import LoadError
from plait_wasmtime.errors import GuestError, Interrupted

from .components import CLOCK, FOREIGN, NONE, REJECT, RETRY_LATER, SOME, component
from .guests import Make, event
from .hostile import GROWS, LOOP

ROOT = Path(__file__).parents[3]
EVENT = '{"specversion":"1.0","id":"7","source":"/c","type":"made","datacontenttype":"text/plain","data":"x"}'


def test_replies(make: Make) -> None:
    """An event, plain data, nothing: of the text of `some`, or of none."""
    reply = make(component(SOME, text=EVENT)).run()
    assert (reply.get_id(), reply.get_type(), reply.get_data()) == ("7", "made", "x")
    assert make(component(SOME, text='{"a": [1]}')).run() == {"a": [1]}
    assert make(component(SOME, text=" ")).run() is None
    assert make(component(NONE)).run() is None


def test_failures_that_are_meant(make: Make) -> None:
    """The two cases of `failure`, with their reason."""
    with pytest.raises(Reject, match=r"^no number$"):
        make(component(REJECT, text="no number")).run()
    with pytest.raises(RetryLater, match=r"^not now$"):
        make(component(RETRY_LATER, text="not now")).run()
    with pytest.raises(Reject, match=r"^the function rejected the event$"):
        make(component(REJECT, text="")).run()


@pytest.mark.parametrize(
    ("body", "text", "message"),
    [
        ("unreachable", "", "wasm trap: wasm `unreachable` instruction executed"),
        (GROWS, "", "wasm trap: wasm `unreachable` instruction executed"),
        (SOME, "x", "the answer is not JSON"),
        ("(call $answer (i32.const 0) (i32.const 7))", "", "discriminant"),
        (f"{SOME} (i32.store (i32.const 8) (i32.const -1))", "x", "out of bounds"),
    ],
)
def test_failures(make: Make, body: str, text: str, message: str) -> None:
    """A trap, an answer that is none: a sentence for the log, for each event anew."""
    guest = make(component(body, text=text), PLAIT_MEMORY="1048576")
    for _ in range(2):
        with pytest.raises(GuestError, match=re.escape(message)):
            guest.run()


def test_a_loop(make: Make) -> None:
    """Is stopped."""
    with pytest.raises(Interrupted):
        make(component(LOOP)).run(seconds=0.1)


def test_the_clock(make: Make) -> None:
    """Stands still unless it is granted."""
    assert make(CLOCK).run() == "still"
    assert make(CLOCK, PLAIT_WASM='{"clock": true}').run() is None


def test_an_import_that_is_not_there(make: Make) -> None:
    """Is told when the server starts."""
    with pytest.raises(LoadError, match=r"example:db/store@1\.0\.0.*what there is to import is WASI 0\.2"):
        make(FOREIGN)


def test_the_example(make: Make) -> None:
    """In C: one word, one kind of answer."""
    guest = make(ROOT / "examples" / "wasm" / "c-component")
    assert guest.with_data("hello") == {"greeting": "hello from C"}
    assert guest.with_data("nothing") is None
    with pytest.raises(RetryLater, match=r"^not today$"):
        guest.with_data("later")
    with pytest.raises(Reject, match=r"^say hello$"):
        guest.run(event(None))
