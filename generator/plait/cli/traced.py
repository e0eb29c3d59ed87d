"""What became of an event, as a tree for people: `plait trace` and `plait run --send`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

Json = Mapping[str, Any]

DATA_SHOWN = 120
UNLIMITED = 100_000
_STATES = {
    "done": ("+", "green", "delivered"),
    "open": ("~", "yellow", "open"),
    "dead-lettered": ("x", "red", "dead-lettered"),
    "failed": ("x", "red", "given up"),
}
_STAGES = {"subscriber": "attempt", "reply": "reply", "dead-letter": "dead letter"}


def show(traces: Sequence[Json], form: str) -> None:
    """Print traces, as history.trace gives them, to standard output.

    Args:
        traces: one or more.
        form: `json`, an object a line, or `text`, whose lines are broken for a terminal and whole for a file
            or a program.
    """
    if form == "json":
        for trace in traces:
            click.echo(json.dumps(trace))
        return
    width = None if sys.stdout.isatty() else UNLIMITED
    console = Console(file=sys.stdout, highlight=False, width=width)
    for trace in traces:
        console.print(tree(trace))


def tree(node: Json) -> Tree:
    """The tree of one event."""
    top = Tree(Text("\n").join(_event(node)))
    for trigger in sorted(node["triggers"], key=_order):
        _grow(top, node, trigger)
    if not node["triggers"]:
        top.add(Text("there is no Trigger"))
    return top


def _order(trigger: Json) -> tuple[bool, bool]:
    """Those that took the event, those that would have, the others."""
    return not trigger["matched"], not trigger.get("nowhere")


def _grow(top: Tree, node: Json, trigger: Json) -> None:
    name = _short(trigger["trigger"], node)
    if "state" not in trigger:
        style = "yellow" if trigger.get("nowhere") else "dim"
        top.add(Text.assemble(("- ", style), name, (f"  {printable(trigger['reason'])}", style)))
        return
    sign, colour, word = _STATES[trigger["state"]]
    branch = top.add(Text.assemble((f"{sign} ", colour), name, "  ", (word, colour)))
    for line in _attempts(trigger):
        branch.add(line)
    for reply in trigger["replies"]:
        branch.add(tree(reply))
    if trigger.get("truncated"):
        branch.add(Text("more replies: plait trace NUMBER shows them", "dim"))


def _short(name: str, node: Json) -> str:
    """The Trigger without the namespace that its Broker is in."""
    own = node["broker"].partition("/")[0] + "/"
    return printable(name.removeprefix(own))


def _event(node: Json) -> Iterator[Text]:
    """A few lines: number and type; source and id; what it belongs to; data."""
    attributes = node["attributes"]
    yield Text.assemble((f"event {node['seq']}  ", "bold"), (printable(attributes["type"]), "bold"))
    yield Text(f"  from {printable(attributes['source'])}", "dim")
    yield Text(f"  id {printable(attributes['id'])}", "dim")
    rest = {k: v for k, v in attributes.items() if k not in ("specversion", "type", "source", "id")}
    kind = rest.pop("datacontenttype", None)
    if rest:
        yield Text("  " + "  ".join(f"{name} {printable(text)}" for name, text in rest.items()), "dim")
    if node.get("replayOf"):
        yield Text(f"  event {node['replayOf']} again", "dim")
    if node["size"]:
        yield Text(f"  data {_data(node, kind)}")
    yield from (Text(f"  breaks its contract: {printable(line)}", "red") for line in node.get("contract", ()))


def _data(node: Json, kind: str | None) -> str:
    text, size = node["text"], node["size"]
    if text is None:
        return f"of {size} bytes, {printable(kind or 'of no type')}"
    if len(text.encode()) == size and len(text) <= DATA_SHOWN:
        return printable(text.strip())
    return f"{printable(text[:DATA_SHOWN].strip())} ... ({size} bytes)"


def _attempts(trigger: Json) -> Iterator[Text]:
    counts: dict[str, int] = {}
    for attempt in trigger["attempts"]:
        stage = attempt["stage"]
        counts[stage] = counts.get(stage, 0) + 1
        yield _attempt(attempt, f"{_STAGES[stage]} {counts[stage]}")
    if trigger["state"] == "open":
        due = f", {clock(trigger['due'])}" if trigger.get("due") else ""
        yield Text(f"{_STAGES[trigger.get('next', 'subscriber')]} to come{due}", "yellow")


def _attempt(attempt: Json, title: str) -> Text:
    status, wait = attempt["status"], attempt["waitMs"]
    good = not attempt["error"]
    answer = str(status) if status is not None else "no answer"
    told = Text.assemble(
        f"{title}: ", (answer, "" if good else "red"), f" in {_milliseconds(attempt['tookMs'])}"
    )
    told.append(f" from {printable(attempt['url'])}", "dim")
    if attempt["error"]:
        told.append(f": {printable(attempt['error'])}", "red")
    if wait is not None:
        told.append(f", then waits {_milliseconds(wait)}")
    return told


def _milliseconds(value: float) -> str:
    if value >= 1000:  # noqa: PLR2004
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"  # noqa: PLR2004


def clock(milliseconds: int) -> str:
    """The time of day here, of milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%H:%M:%S.%f")[:-3]


def printable(text: str) -> str:
    """The text on one line: what does not print, such as control characters, is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
