"""docs/errors.md: every message that plait has, and none that it has no more."""

import re
from pathlib import Path

import plait
from tests.docs.messages import messages

PACKAGE = Path(plait.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
# The first cell of a row: a code span in one or two backticks.
_ROW = re.compile(r"^\| (`+) ?(.+?) ?\1 \|", re.MULTILINE)


def shown() -> list[str]:
    """The messages on the page."""
    return [text for _, text in _ROW.findall(PAGE.read_text())]


def test_every_message_is_explained() -> None:
    """Whoever searches the page for a message finds it, and the way out."""
    page = shown()
    assert sorted(str(one) for one in messages(PACKAGE) if not any(map(one.fits, page))) == []


def test_no_message_is_explained_that_plait_does_not_have() -> None:
    """The page loses a message with the code."""
    known = messages(PACKAGE)
    assert [text for text in shown() if not any(one.fits(text) for one in known)] == []


def test_a_message_is_explained_once() -> None:
    """Two ways out for one message would be one too many."""
    page = shown()
    assert sorted({text for text in page if page.count(text) > 1}) == []
