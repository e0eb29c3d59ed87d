"""Findings as text, JSON, SARIF 2.1.0 and GitHub workflow annotations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import click

from plait import __version__
from plait.checking import IN_SPEC, RULES, Finding

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_COLOURS = {"error": "red", "warning": "yellow"}


def text(findings: Sequence[Finding]) -> str:
    """For a terminal: place, level, message, the line, the hint."""
    return "\n".join(map(_text, findings))


def _text(finding: Finding) -> str:
    placed = finding.rule in IN_SPEC or finding.line > 1
    place = f"{finding.path}:{finding.line}:{finding.column}" if placed else finding.path
    level = click.style(finding.level, fg=_COLOURS[finding.level])
    lines = [f"{place}: {level}: {finding.message}{_rule(finding)}"]
    if finding.quoted is not None:
        lines += [f"    {finding.quoted}", "    " + " " * (finding.column - 1) + "^"]
    if finding.hint:
        lines.append(f"  hint: {finding.hint}")
    return "\n".join(lines)


def _rule(finding: Finding) -> str:
    """The name of the finding's page; a mistake says everything itself."""
    return "" if finding.rule in ("spec", "tree") else click.style(f" [{finding.rule}]", dim=True)


def conclusion(findings: Sequence[Finding]) -> str:
    """One line that counts."""
    if not findings:
        return "all is well: no mistakes, no hand edits, no drift"
    counts = {level: sum(finding.level == level for finding in findings) for level in _COLOURS}
    return ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items())


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects, one a finding."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "\n".join(map(_annotation, findings))


def _annotation(finding: Finding) -> str:
    message = finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column}"
    return f"::{finding.level} {place},title=plait {finding.rule}::{_escaped(message)}"


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0, which code scanning and editors read."""
    rules = [{"id": rule, "shortDescription": {"text": meaning}} for rule, meaning in RULES.items()]
    driver = {"name": "plait", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(map(_result, findings)),
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    location = {"artifactLocation": {"uri": quote(finding.path)}, "region": region}
    message = finding.message + (f" (hint: {finding.hint})" if finding.hint else "")
    return {
        "ruleId": finding.rule,
        "level": finding.level,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }
