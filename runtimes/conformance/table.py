"""The page docs/runtimes/conformance.md: its table is of a run, the rest of the files of the suite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from .listing import Item, Listed, listing
from .runtime import runtimes

PAGE = Path(__file__).parents[2] / "docs" / "runtimes" / "conformance.md"
Results = Mapping[tuple[str, str], Counter[str]]

_HEAD = """\
# Conformance

What [contract.md](contract.md) says is held against the three runtimes by one suite, `runtimes/conformance`: requests
and the replies to them are data, in `cases/`; what takes more than one request is code, in `tests/`. All of it goes to
real processes over real sockets. This page is written by

```console
python -m runtimes.conformance --write
```

Without `--write` the table is only printed. One runtime, or one case:

```console
python -m pytest runtimes/conformance -k "node and Traces"
```

## A runtime of your own

Write its command into `runtimes.yaml`, and the suite's functions (`echo`, `acts`, `waits`) for it into
`functions/NAME/`. The command is given the folder of a function, and the rest by the environment, as contract.md has
it. What cannot be in its language goes into a case as `not_for`, with the reason.

## The last run

"""


def table(results: Results) -> str:
    """One line a group: how many of its cases each runtime passed.

    Args:
        results: by runtime and group, how many tests had each outcome of pytest.
    """
    names = [runtime.name for runtime in runtimes()]
    lines = [["", *names], ["---"] * (len(names) + 1)]
    for group in listing():
        counts = [_cell(group.count(name), results.get((name, group.title), Counter())) for name in names]
        lines.append([group.title, *counts])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(count: int, outcomes: Counter[str]) -> str:
    return f"{outcomes['passed']} of {count}" if count else "-"


def page(results: Results) -> str:
    """The whole page."""
    return f"{_HEAD}{table(results)}\n{tail()}"


def head() -> str:
    """What stands before the table."""
    return _HEAD


def tail() -> str:
    """What stands after the table."""
    groups = listing()
    parts = [
        "## What is not for a runtime\n",
        _not_for(groups),
        "## The cases\n",
        *(_group(group) for group in groups),
    ]
    return "\n".join(parts)


def _not_for(groups: Iterable[Listed]) -> str:
    lines = ["| case | runtime | why |", "| --- | --- | --- |"]
    for group in groups:
        for item in group.items:
            lines += [f"| {item.name} | {name} | {reason} |" for name, reason in item.not_for.items()]
    return "\n".join([*lines, ""])


def _group(group: Listed) -> str:
    about = [group.about, ""] if group.about else []
    return "\n".join([f"### {group.title}", "", *about, *map(_item, group.items), ""])


def _item(item: Item) -> str:
    return f"- {item.name}{f': {item.about}' if item.about else ''}"
