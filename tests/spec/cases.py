"""The cases in golden/mistakes: a functions.yaml, a line of =====, and all that plait says about it."""

from pathlib import Path

from plait.errors import SpecError
from plait.spec.load import load
from tests.support.golden import read

GOLDEN = Path(__file__).parent / "golden" / "mistakes"
LINE = "=====\n"


def inputs() -> dict[str, str]:
    """Each case's functions.yaml."""
    return {name: content.partition(LINE)[0] for name, content in read(GOLDEN).items()}


def mistakes(text: str) -> str:
    """What plait says about a functions.yaml; nothing about one without mistakes."""
    try:
        load(text.encode())
    except SpecError as error:
        return f"{error}\n"
    return ""
