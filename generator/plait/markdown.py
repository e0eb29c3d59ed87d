"""Markdown as pull requests show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plait.compare import Change

_MARKUP = {ord(char): f"\\{char}" for char in "\\`*_<|[]"}


def plain(text: str) -> str:
    """The text as it is: names of events and images hold what Markdown takes for markup."""
    return text.translate(_MARKUP)


def bullets(sentences: Sequence[str]) -> Iterator[str]:
    """A list."""
    return (f"- {plain(sentence)}" for sentence in sentences)


def objects(environment: str, found: Sequence[Change]) -> Iterator[str]:
    """The objects of an environment that differ, folded away."""
    if not found:
        yield f"No object of {environment} changes."
        return
    noun = "object" if len(found) == 1 else "objects"
    yield from (f"<details><summary>{len(found)} {noun} of {environment}</summary>", "")
    for change in found:
        fields = f": {', '.join(f'`{field}`' for field in change.fields)}" if change.fields else ""
        yield f"- {change.action} {change.kind} {change.name}{fields}"
    yield from ("", "</details>")
