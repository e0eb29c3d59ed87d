"""What tests of findings share."""

from pathlib import Path

import pytest

from plait.cli.main import run
from tests.findings.stage import SPEC


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Generated."""
    (tmp_path / "functions.yaml").write_text(SPEC)
    assert run(["-C", str(tmp_path), "generate"]) == 0
    return tmp_path
