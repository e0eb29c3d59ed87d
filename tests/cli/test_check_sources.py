"""plait check: source folders that are not there."""

import pytest

from tests.cli.test_check import findings
from tests.cli.workspace import Workspace


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("functions/order", "did you mean 'functions/orders'?"),
        ("function/ordres", "did you mean 'functions/orders'?"),
        ("functions/payment", "plait new writes a first function"),
        ("elsewhere/orders", "plait new writes a first function"),
    ],
)
def test_a_source_folder_that_is_not_there(staged: Workspace, source: str, hint: str) -> None:
    """A warning, with the folder that was most likely meant."""
    staged.change("source: functions/orders", f"source: {source}")
    (found,) = findings(staged)
    assert (found["rule"], found["message"], found["hint"]) == ("source", f"no such folder: {source}", hint)
