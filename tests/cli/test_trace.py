"""`plait trace` and what it draws."""

import json
import re
from typing import Any

import pytest

from plait.cli import traced
from tests.cli.live import PAID, PLACED, Shop
from tests.cli.terminal import on_terminal


def masked(text: str) -> str:
    """The tree without what differs from run to run."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)
    text = re.sub(r"time \S+Z", "time TIME", text)
    text = re.sub(r"in [0-9.]+ m?s", "in TIME", text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "URL", text)
    return re.sub(r"event \d+", "event N", text)


def test_the_tree(local: Shop) -> None:
    """Event, the Triggers that take it with attempts and replies, then the others with the reason."""
    number = local.placed("--id", "4711", "--subject", "s", "--data", '{"n": 1}')
    assert masked(local.ok("trace", number).out) == TREE


TREE = f"""\
event N  {PLACED}
  from /plait/send
  id 4711
  subject s
  data {{"n": 1}}
├── + orders  delivered
│   ├── attempt 1: 200 in TIME from URL
│   └── event N  {PAID}
│         from /shop/orders
│         id UUID
│         time TIME
│         data {{"order":"4711"}}
│       ├── + stock  delivered
│       │   └── attempt 1: 204 in TIME from URL
│       └── - orders  type is "{PAID}", exact wants "{PLACED}"
└── - stock  type is "{PLACED}", exact wants "{PAID}"
"""


def test_attempts(local: Shop) -> None:
    """Each with status and wait; what is given up says so, and shows what the function answered."""
    number = local.placed("--data", '"later"')
    text = masked(local.ok("trace", number).out)
    assert "├── x orders  given up\n" in text
    found = re.findall(r"attempt (\d): (\d+) in TIME from URL: (.*)", text)
    assert [(count, status) for count, status, _ in found] == [("1", "503"), ("2", "503"), ("3", "503")]
    assert [
        told.endswith(f"then waits {wait}") for (_, _, told), wait in zip(found, WAITS, strict=False)
    ] == [True, True]
    assert "waits" not in found[-1][2]


WAITS = ("0.0 ms", "100 ms")


def test_no_id(local: Shop) -> None:
    """The newest event that was sent, not a reply to it."""
    local.placed("--id", "newest")
    assert "\n  id newest\n" in local.ok("trace").out


def test_an_id_that_several_have(local: Shop) -> None:
    """The newest of them, with a note; a number is one event."""
    numbers = [local.placed("--id", "twice") for _ in range(2)]
    result = local.ok("trace", "twice")
    assert result.out.startswith(f"event {numbers[1]} ")
    assert result.err == f"note: event {numbers[0]} has this id too; {numbers[1]} is the newest\n"
    assert local.ok("trace", numbers[0]).err == ""
    assert [trace["sameId"] for trace in local.json("trace", "id:twice")] == [
        [int(n) for n in reversed(numbers)]
    ]


def test_an_unknown_event(local: Shop) -> None:
    """Exit code 1."""
    result = local.plait("trace", "what/ever?")
    assert (result.code, result.out) == (1, "")
    assert (
        f"http://127.0.0.1:{local.running.port}: no event what/ever?: neither a number nor the id"
        in result.err
    )


def test_80_columns(local: Shop) -> None:
    """On a terminal nothing is wider, and the lines of the tree go on."""
    number = local.placed("--data", json.dumps("long " * 40))
    status, shown = on_terminal(["trace", number, "--port", local.running.port], local.workspace.root)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert status == 0
    assert {len(line) <= 80 for line in plain.splitlines()} == {True}
    assert "(202 bytes)" in plain


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"line\nline\x1b[2J", r"data line\nline\x1b[2J"),
        (b"x" * 300, f"data {'x' * 120} ... (300 bytes)"),
        (b"\xff\x00", "data of 2 bytes, application/octet-stream"),
        ("é".encode() * 60, "data " + "é" * 60),
        (b"x" * 199 + "é".encode(), f"data {'x' * 120} ... (201 bytes)"),
    ],
)
def test_data(local: Shop, data: bytes, shown: str) -> None:
    """In short; a control character is never sent to the terminal."""
    local.workspace.path("data").write_bytes(data)
    number = local.placed("--data-file", "data")
    assert f"\n  {shown}\n" in local.ok("trace", number).out


def test_every_state(capsys: pytest.CaptureFixture[str]) -> None:
    """What a broker seldom has for long: open deliveries, dead letters, replies that are left out."""
    traced.show([TRACE], "text")
    assert capsys.readouterr().out == STATES


def _attempt(stage: str, **fields: Any) -> dict[str, Any]:
    plain = {"stage": stage, "url": "http://f/", "status": None, "error": "", "tookMs": 12.3, "waitMs": None}
    return {**plain, **fields}


TRACE = {
    "seq": 7,
    "broker": "shop/default",
    "attributes": {"specversion": "1.0", "type": "t", "source": "/s", "id": "1"},
    "replayOf": 3,
    "size": 0,
    "text": "",
    "triggers": [
        {"trigger": "shop/a", "matched": True, "state": "open", "attempts": [], "replies": []},
        {
            "trigger": "other/b",
            "matched": True,
            "state": "dead-lettered",
            "attempts": [
                _attempt("subscriber", error="refused", waitMs=2000.0),
                _attempt("subscriber", status=200),
                _attempt("reply", error="the reply was refused: no type"),
                _attempt("dead-letter", url="http://d/", status=202),
            ],
            "replies": [],
            "truncated": True,
        },
        {
            "trigger": "shop/c",
            "matched": True,
            "state": "done",
            "attempts": [_attempt("subscriber", status=204, tookMs=1234.5)],
            "replies": [],
        },
    ],
}
STATES = """\
event 7  t
  from /s
  id 1
  event 3 again
├── ~ a  open
│   └── attempt to come
├── x other/b  dead-lettered
│   ├── attempt 1: no answer in 12 ms from http://f/: refused, then waits 2.0 s
│   ├── attempt 2: 200 in 12 ms from http://f/
│   ├── reply 1: no answer in 12 ms from http://f/: the reply was refused: no type
│   ├── dead letter 1: 202 in 12 ms from http://d/
│   └── more replies: plait trace NUMBER shows them
└── + c  delivered
    └── attempt 1: 204 in 1.2 s from http://f/
"""
