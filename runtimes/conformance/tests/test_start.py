"""The start: what cannot be is said before the first event."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..command import run
from ..runtime import Runtime
from ..server import Start


@pytest.mark.parametrize(
    ("variables", "code", "message"),
    [
        (
            {"PLAIT_TIMEOUT": "soon"},
            2,
            "PLAIT_TIMEOUT=soon: must be a number of seconds above 0, such as 30 or 0.5",
        ),
        ({"PORT": "0"}, 2, "PORT=0: must be a whole number above 0"),
        (
            {"PLAIT_REPLY_TYPE": "a\nb"},
            3,
            "PLAIT_REPLY_TYPE and PLAIT_REPLY_SOURCE: attribute 'type' has the forbidden character U+000A",
        ),
    ],
    ids=["PLAIT_TIMEOUT", "PORT", "PLAIT_REPLY_TYPE"],
)
def test_variables_that_cannot_be(
    runtime: Runtime, variables: dict[str, str], code: int, message: str
) -> None:
    """A sentence and an exit code."""
    done = run(runtime.line("echo"), **{**runtime.environment, **variables})
    assert done == (code, "", f"{runtime.command}: error: {message}\n")


def test_a_folder_that_is_not_there(runtime: Runtime, tmp_path: Path) -> None:
    """As variables."""
    done = run(runtime.line(tmp_path / "nowhere"))
    assert done == (2, "", f"{runtime.command}: error: {tmp_path}/nowhere is not a folder\n")


def test_the_host(start: Start) -> None:
    """Without HOST it is loopback."""
    server = start("echo", HOST="")
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()]
    listening = [line[1] for line in lines if line[1].endswith(f":{server.port:04X}") and line[3] == "0A"]
    assert listening == [f"0100007F:{server.port:04X}"]
