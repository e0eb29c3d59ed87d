"""What importing costs: lark comes with the first expression, not before."""

import subprocess
import sys

PROGRAM = """
import sys
import plait.filters, plait.filters.cesql
from plait.filters import compile_trigger
compile_trigger({"filters": [{"exact": {"type": "a"}}]}).verdict({"type": "b"})
assert "lark" not in sys.modules
compile_trigger({"filters": [{"cesql": "TRUE"}]})
assert "lark" in sys.modules
"""


def test_lark_is_imported_for_an_expression_alone() -> None:
    """A Trigger without cesql does without lark."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
