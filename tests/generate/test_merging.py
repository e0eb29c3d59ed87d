"""Merging plait's entries into any kustomization of a user's."""

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import given, settings

from plait.document import parsed
from plait.kustomization import LISTS, Entries, follows, merged
from tests.generate.kustomizations import Line, texts, wanted
from tests.support import manifests


def split(text: str, entries: Entries) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """plait's entries of a file, sorted, and everything else in its order."""
    data = parsed(text.encode())
    mine = {key: [entry for entry in data.get(key) or [] if entries.owns(key, entry)] for key in LISTS}
    theirs = {key: [entry for entry in data.get(key) or [] if not entries.owns(key, entry)] for key in LISTS}
    others = {key: value for key, value in data.items() if key not in (*LISTS, "namespace")}
    kept = {key: value for key, value in theirs.items() if value}
    return {key: sorted(value, key=repr) for key, value in mine.items()}, {**others, **kept}


def is_part(few: Sequence[str], many: Iterable[str]) -> bool:
    """Whether the lines stand among the others in the same order."""
    rest = iter(many)
    return all(line in rest for line in few)


@settings(deadline=None, max_examples=150)
@given(texts(), wanted())
def test_merging(made: tuple[str, list[Line]], entries: Entries) -> None:
    """plait's entries are as wanted; the user's lines stay, comments too; merging again changes nothing."""
    text, lines = made
    result = merged(text, entries)
    mine, theirs = split(result, entries)
    assert mine == {
        key: sorted(map(dict_or_text, getattr(entries, name)), key=repr) for key, name in LISTS.items()
    }
    assert parsed(result.encode())["namespace"] == entries.namespace
    assert theirs == split(text, entries)[1]
    assert is_part([line.text for line in lines if line.users], result.replace("\r\n", "\n").split("\n"))
    assert not entries.images or follows(result, "orders") == entries.follows
    assert ("\r" in text) == ("\r" in result)
    assert result.count("\r") in (0, result.count("\n"))
    assert manifests.load(result)[0] == parsed(result.encode())
    assert merged(result, entries) == result


def dict_or_text(entry: Any) -> Any:
    """An entry as data."""
    return entry if isinstance(entry, str) else dict(entry)


@settings(deadline=None, max_examples=50)
@given(texts(), wanted(), wanted())
def test_there_and_back(made: tuple[str, list[Line]], first: Entries, second: Entries) -> None:
    """What one state of functions.yaml wrote leaves no trace in the next one's data."""
    text, _ = made
    direct = split(merged(text, first), first)
    assert split(merged(merged(text, second), first), first) == direct
