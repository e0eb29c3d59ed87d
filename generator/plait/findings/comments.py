"""Comments in functions.yaml that silence a finding: `# plait: allow RULE` at the end of its line."""

from __future__ import annotations

import re

_ALLOW = re.compile(r"(?:^|\s)#\s*plait:\s*allow\s+(?P<rules>[a-z-]+(?:[,\s]+[a-z-]+)*)\s*$")


def allowed(text: str, line: int, rule: str) -> bool:
    """Whether a line of a functions.yaml allows what a rule finds there.

    Args:
        text: the file.
        line: counted from 1.
        rule: such as `secret`; a comment may name several.
    """
    lines = text.split("\n")
    comment = _ALLOW.search(lines[line - 1]) if line <= len(lines) else None
    return comment is not None and rule in re.split(r"[,\s]+", comment["rules"])
