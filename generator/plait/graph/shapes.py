"""What a node says in a picture, and the room that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plait.graph.model import Node

MOST_LETTERS = 38
_LEAST_LETTERS = 9  # of an event, so that the frame around it has room to say "Broker default"
LINE = 17  # from one line of text to the next, px
_LETTER = 7.4  # px, a wide average of sans-serif at 13px: text must fit in any font
SMALL_LETTER = 6.4  # the same at 11px
_HEIGHT, _TRIGGER_HEIGHT = 30, 22


@dataclass(frozen=True, slots=True)
class Text:
    """One line: what is shown, and its style (`small`, `note` or none)."""

    shown: str
    style: str = ""


def texts(node: Node) -> Sequence[Text]:
    """The lines in the box of a node, cut where they are long."""
    if node.kind == "trigger":
        return [Text(shown, "small") for shown in (cut(node.label), _start(node.detail)) if shown]
    lines = [Text(cut(node.label)), Text(cut(node.detail), "small"), Text(cut(node.note), "note")]
    return [line for line in lines if line.shown]


def size(node: Node) -> tuple[float, float]:
    """Width and height of the box, px."""
    lines = texts(node)
    letters = max((len(line.shown) for line in lines), default=0)
    if node.kind == "trigger":
        return letters * SMALL_LETTER + 16, _TRIGGER_HEIGHT + LINE * (len(lines) - 1)
    if node.kind == "event":
        letters = max(letters, _LEAST_LETTERS)
    return letters * _LETTER + 28, _HEIGHT + LINE * (len(lines) - 1)


def title_width(title: str) -> float:
    """Of the heading, which is larger, px."""
    return len(title) * _LETTER * 1.2


def cut(text: str, most: int = MOST_LETTERS) -> str:
    """The end tells more than the middle: com.example.order.paid."""
    if len(text) <= most:
        return text
    kept = max(most - 1, 1)
    head = min(12, kept // 2)
    return f"{text[:head]}…{text[-(kept - head) :]}"


def _start(text: str) -> str:
    """A filter is read from its start."""
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…"
