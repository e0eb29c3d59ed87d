"""examples/wasm: what is committed answers as its comments say, and Go's is built here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import wasmtime

from plait_handler import Reject

from .guests import Make, event

EXAMPLES = Path(__file__).parents[3] / "examples" / "wasm"
PRICED = '{"args": ["data.price", "data.quantity"]}'


def test_c_core(make: Make) -> None:
    """The total of an order, less a tenth from 100 on."""
    guest = make(EXAMPLES / "c-core", PLAIT_WASM=PRICED)
    assert guest.with_data({"price": 2.5, "quantity": 3}) == {"result": 7.5}
    assert guest.with_data({"price": 2, "quantity": 100}) == {"result": 180.0}


def test_wat_core(make: Make) -> None:
    """The larger of two numbers, and its excess."""
    guest = make(EXAMPLES / "wat-core", PLAIT_WASM='{"args": ["data[0]", "data[1]"]}')
    assert guest.with_data([3, 10]) == {"result": [10, 7]}
    assert guest.with_data([2**60, 1]) == {"result": [2**60, 2**60 - 1]}


def test_c_command(make: Make) -> None:
    """Words of a text; an event without one is rejected, by exit code 65."""
    guest = make(EXAMPLES / "c-command")
    assert guest.run(event(b"three small words", "text/plain")) == {"words": 3}
    with pytest.raises(Reject, match=r"^the event has no text for its data$"):
        guest.run()
    with pytest.raises(Reject, match=r"^quotes and control characters are not counted$"):
        guest.run(event(b'a "b"', "text/plain"))


def test_go_command(make: Make, tmp_path: Path) -> None:
    """Built by the command in its comment: a reply that is an event, and a Reject."""
    go = shutil.which("go")
    assert go is not None, "go is needed (tests/tools.toml)"
    subprocess.run(
        [go, "build", "-ldflags=-s -w", "-o", tmp_path / "greet.wasm", "."],
        cwd=EXAMPLES / "go-command",
        env=os.environ | {"GOOS": "wasip1", "GOARCH": "wasm"},
        check=True,
    )
    guest = make(tmp_path)
    reply = guest.with_data({"name": "Ann"})
    assert (reply.get_id(), reply.get_type()) == ("1-greeted", "com.example.greeted")
    assert reply.get_data() == {"greeting": "hello, Ann"}
    with pytest.raises(Reject, match=r"^data\.name is missing$"):
        guest.run()


@pytest.mark.parametrize("module", sorted(EXAMPLES.glob("*/*.wasm")), ids=lambda path: path.name)
def test_committed_modules(module: Path) -> None:
    """Are small, valid, and have their source beside them."""
    assert module.stat().st_size < 100_000
    assert module.with_suffix(".c").is_file()
    if module.read_bytes()[6:8] == b"\0\0":
        wasmtime.Module.validate(wasmtime.Engine(), module.read_bytes())
