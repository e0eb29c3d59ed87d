"""What is seen of what functions print."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plait.local.processes.lines import LIMIT, Line, Lines
from plait.local.processes.output import LONGEST, wants_colour
from plait.local.processes.redact import Redactor
from tests.local.processes.support import Screen

RECORD = {
    "time": "2026-01-02T03:04:05.678Z",
    "level": "info",
    "logger": "plait_handler",
    "message": "reply",
    "status": 200,
    "duration_ms": 0.412,
    "event_id": "1",
    "event_type": "t",
    "event_source": "/s",
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
}


def shown(*lines: str | dict[str, Any], secrets: tuple[str, ...] = (), **options: Any) -> list[str]:
    """The lines of a function `orders` as they are shown, times of day left out."""
    screen = Screen(**options)
    screen.announce(["orders"], secrets)
    for line in lines:
        screen.line("orders", Line((line if isinstance(line, str) else json.dumps(line)).encode()))
    return re.sub(r"\d\d:\d\d:\d\d\.\d\d\d", "TIME", screen.text).splitlines()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30).map(lambda text: text.replace(b"\n", b"")), max_size=20), st.data())
def test_lines_however_they_are_cut(lines: list[bytes], data: st.DataObject) -> None:
    """The pieces that a pipe gives make the same lines; the last needs no end."""
    text = b"\n".join(lines)
    reader = Lines()
    found: list[Line] = []
    while text:
        size = data.draw(st.integers(1, len(text)))
        found += reader.feed(text[:size])
        text = text[size:]
    found += reader.end()
    expected = lines[:-1] if lines and not lines[-1] else lines
    assert found == [Line(line) for line in expected]


def test_a_line_without_end() -> None:
    """A line of many megabytes takes 64 KiB of memory, and says what is missing."""
    reader = Lines()
    for _ in range(100):
        assert not list(reader.feed(b"x" * 1_000_000))
    assert list(reader.feed(b"\n")) == [Line(b"x" * LIMIT, 100_000_000 - LIMIT)]


def test_a_request() -> None:
    """Time of day, outcome, status, milliseconds and the event; its prefix is as wide as the longest name."""
    assert shown(RECORD) == ["orders | TIME reply 200 0.412 ms t from /s id 1"]


def test_a_failure() -> None:
    """The level, the reason, and the traceback in lines of its own, each with the function's name."""
    failed = RECORD | {
        "level": "error",
        "message": "failed",
        "reason": "r",
        "traceback": "Traceback:\n  x\nE: y\n",
    }
    assert shown(failed) == [
        "orders | TIME ERROR failed 200 0.412 ms t from /s id 1 reason=r",
        "orders | Traceback:",
        "orders |   x",
        "orders | E: y",
    ]


def test_the_functions_own_text() -> None:
    """As it is; JSON that is no log line too; of a progress bar the last state; bytes that are no UTF-8."""
    assert shown("hello", '{"a": 1}', "{", '["level", "message"]', " 1%\r99%\r", "tab\there") == [
        "orders | hello",
        'orders | {"a": 1}',
        "orders | {",
        'orders | ["level", "message"]',
        "orders | 99%",
        "orders | tab\there",
    ]
    screen = Screen()
    screen.line("orders", Line(b"\xff!"))
    assert screen.text.endswith("| \ufffd!\n")


def test_the_servers_own_talk() -> None:
    """gunicorn's is left out until something is wrong."""
    talk = {"time": "x", "level": "info", "logger": "gunicorn.error", "message": "Booting worker"}
    assert shown(talk, talk | {"level": "error"}) == ["orders | x ERROR Booting worker"]


def test_code_that_cannot_be_imported() -> None:
    """The error is told once, with file and line; how gunicorn gives up is left out, other ends are not."""
    sentence = "plait-handler: error: f.py cannot be imported"
    mistake = ['  File "f.py", line 2', "SyntaxError: '(' was never closed"]
    gunicorn = {"time": "x", "level": "error", "logger": "gunicorn.error"}
    end = ["Worker (pid:7) exited with code 3.", "Shutting down: Master", "Reason: Worker failed to boot."]
    gave_up = [gunicorn | {"message": text} for text in end]
    assert shown(*mistake, f"{sentence}: {mistake[1]} (f.py, line 2)", *gave_up) == [
        f"orders | {line}" for line in (*mistake, sentence)
    ]
    assert shown("other", f"{sentence}: KeyError: 1")[1] == f"orders | {sentence}: KeyError: 1"
    killed = "Worker (pid:7) exited with code 1."
    assert shown(gunicorn | {"message": killed}) == [f"orders | x ERROR {killed}"]


def test_a_long_line() -> None:
    """Is cut, and says by how much."""
    assert shown("x" * (LONGEST + 5)) == [f"orders | {'x' * LONGEST} ... 5 more"]


def test_control_characters() -> None:
    """None reaches the terminal, whoever sent them in an event; colours do where there is colour."""
    text = "\x1b[2J\x1b]0;title\x07 \x1b[31mred\x1b[0m"
    assert shown(text) == [r"orders | \x1b[2J\x1b]0;title\x07 red"]
    (line,) = shown(text, colour=True)
    assert line.endswith("\\x1b[2J\\x1b]0;title\\x07 \x1b[31mred\x1b[0m\x1b[0m")
    assert shown(RECORD | {"event_id": "a\x1b[2Jb"})[0].endswith(r"id a\x1b[2Jb")


def test_json() -> None:
    """Every line is an object that names the function: log lines with their fields, text as a message."""
    screen = Screen(form="json")
    screen.line("orders", Line(json.dumps(RECORD).encode()))
    screen.line("orders", Line(b"hello", 7))
    screen.tell("ready", "orders")
    assert [json.loads(line) for line in screen.text.splitlines()] == [
        {"function": "orders", **RECORD},
        {"function": "orders", "message": "hello", "left_out": 7},
        {"function": "orders", "level": "info", "logger": "plait", "message": "ready"},
    ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets(form: str) -> None:
    """Whole, line by line, and in a log line's fields; short ones are left, a longer one goes first."""
    secrets = ("sesame-open", 'pass"wörd', "first line\nsecond line", "short", "sesame")
    said = RECORD | {"message": 'got pass"wörd', "traceback": "x first line\nsecond line"}
    text = "\n".join(shown("token=sesame-open;", "short", "first line", said, secrets=secrets, form=form))
    assert not [
        value for value in ("sesame", "open", "pass", "wörd", "first line", "second") if value in text
    ]
    assert "token=***;" in text
    assert "short" in text


def test_a_secret_that_is_cut_in_two() -> None:
    """The half of it that would be left of a very long line is not shown either."""
    screen = Screen(form="json")
    screen.announce(["orders"], ["sesame-open"])
    screen.line("orders", Line(b"x" * 10 + b"sesame-op", 100))
    assert "sesam" not in screen.text


@settings(deadline=None)
@given(st.lists(st.text(min_size=6), min_size=1), st.text())
def test_no_secret_is_left(secrets: list[str], between: str) -> None:
    """However values overlap, the text has none of them."""
    redact = Redactor()
    redact.add(secrets)
    hidden = redact(between.join(secrets)).replace("***", "")
    assert not any(secret in redact(secret) for secret in secrets if "*" not in secret)
    assert len(hidden) <= len(between.join(secrets))


def test_what_plait_says_of_several_lines() -> None:
    """Each has the name before it, and nothing comes between them."""
    screen = Screen()
    screen.announce(["a-long-name"], [])
    screen.tell("one\ntwo", level="error")
    assert screen.text == "plait       | one\nplait       | two\n"


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each function has its own; none where there is no terminal, and none with NO_COLOR."""
    screen = Screen(colour=True)
    screen.announce(["a", "b"], [])
    screen.tell("x", "a")
    screen.tell("x", "b")
    first, second = (line.partition("a")[0].partition("b")[0] for line in screen.text.splitlines())
    assert "\x1b[" in first
    assert first != second
    assert not wants_colour(screen.stream)
    monkeypatch.setattr(screen.stream, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour(screen.stream)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(screen.stream)


def test_nobody_reads() -> None:
    """A closed stream holds up nothing."""
    screen = Screen()
    screen.stream.close()
    screen.tell("x")
