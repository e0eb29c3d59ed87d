"""docs/runtimes/conformance.md is of this suite."""

from __future__ import annotations

import re

import pytest

from ..listing import listing
from ..model import Group, groups
from ..runtime import runtimes
from ..table import PAGE, head, tail


def test_the_page_lists_the_cases() -> None:
    """All but its table is as the suite's files have it; the table has all groups, and counts of cases."""
    text = PAGE.read_text("utf-8")
    remedy = "write it again: python -m runtimes.conformance --write"
    assert text.startswith(head()), remedy
    assert text.endswith(f"\n{tail()}"), remedy
    table = text[len(head()) : -len(tail()) - 1].splitlines()[2:]
    counts = {line.split(" | ")[0].removeprefix("| "): re.findall(r"of (\d+)", line) for line in table}
    names = [runtime.name for runtime in runtimes()]
    assert counts == {
        group.title: [str(group.count(name)) for name in names if group.count(name)] for group in listing()
    }, remedy


def test_what_is_not_for_a_runtime() -> None:
    """Is named as in runtimes.yaml."""
    names = {runtime.name for runtime in runtimes()}
    assert {name for group in listing() for item in group.items for name in item.not_for} <= names


def test_cases_that_say_what_is_not_known() -> None:
    """A misspelt key is an error, and not a case that checks nothing."""
    case = {"name": "x", "request": {}, "reply": {"status": 200, "boddy": "x"}}
    with pytest.raises(ValueError, match=r"cases\.0\.reply\.boddy"):
        Group.model_validate({"group": "x", "about": "x", "cases": [case]})


def test_each_event_says_its_log_line() -> None:
    """A case that reaches the function checks the log too."""
    silent = [
        case.name
        for group in groups()
        for case in group.cases
        if case.log is None
        and case.reply.status in (200, 204)
        and (case.request.method, case.request.path) == ("POST", "/")
    ]
    assert silent == []
