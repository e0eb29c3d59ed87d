"""What a module may touch: nothing but what is granted. `functions/probe` tries."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from plait_handler.errors import LoadError

from .guests import Make, event
from .hostile import command

PROBE = Path(__file__).parent / "functions" / "probe"
NOT_THERE, NOT_PERMITTED = 44, 63  # errno of WASI: NOENT; NOTCAPABLE, which C has as EPERM
GRANTS = '{"clock": true, "env": {"MODE": "strict", "B": "x y"}, "directories": {"/data": "data"}}'


def test_without_grants(make: Make) -> None:
    """No argument, no environment, no file, and a time that stands at 1970 until the module sleeps."""
    told = make(PROBE).run()
    assert len(told.pop("random")) == 8
    assert told == {
        "arguments": 1,
        "name": "probe.wasm",
        "environment": "",
        "file": NOT_THERE,
        "outside": NOT_THERE,
        "passwords": NOT_THERE,
        "written": NOT_THERE,
        "made": NOT_THERE,
        "removed": NOT_THERE,
        "slept": 20000,
        "time": 1,
    }


def test_with_grants(make: Make, tmp_path: Path) -> None:
    """The variables, the folder to be read and no more, the real time."""
    shutil.copytree(PROBE, tmp_path / "probe")
    before = int(time.time())
    told = make(tmp_path / "probe", PLAIT_WASM=GRANTS).run()
    assert before <= told["time"] <= time.time()
    assert told["slept"] >= 20000
    assert told["environment"] == "MODE=strict;B=x y;"
    reached = {name: told[name] for name in ("file", "outside", "passwords", "written", "made", "removed")}
    assert reached == {
        "file": "a file ",
        "outside": NOT_PERMITTED,
        "passwords": NOT_THERE,
        "written": NOT_PERMITTED,
        "made": NOT_PERMITTED,
        "removed": NOT_PERMITTED,
    }
    assert [path.name for path in (tmp_path / "probe" / "data").iterdir()] == ["there.txt"]


def test_a_link_out_of_the_folder(make: Make, tmp_path: Path) -> None:
    """Is not followed."""
    shutil.copytree(PROBE, tmp_path / "probe")
    link = tmp_path / "probe" / "data" / "there.txt"
    link.unlink()
    link.symlink_to(PROBE / "data" / "there.txt")
    assert make(tmp_path / "probe", PLAIT_WASM=GRANTS).run()["file"] == NOT_PERMITTED


def test_random_numbers_differ(make: Make) -> None:
    """They are granted always: they give no power, and hash maps need them."""
    guest = make(PROBE)
    assert len({guest.run()["random"] for _ in range(3)}) == 3


def test_a_folder_that_is_not_there(make: Make) -> None:
    """Is told when the server starts."""
    with pytest.raises(LoadError, match=r"'directories' has 'nowhere', and .*nowhere is not a folder"):
        make(PROBE, PLAIT_WASM='{"directories": {"/data": "nowhere"}}')


def test_the_event_on_stdin(make: Make) -> None:
    """Its data is untouched: JSON to the letter, text as text, other bytes in base64."""
    echo = command(
        """(i32.store (i32.const 0) (i32.const 1025)) (i32.store (i32.const 4) (i32.const 60000))
        (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (i32.store8 (i32.const 1024) (i32.const 91))
        (i32.store8 (i32.add (i32.const 1025) (i32.load (i32.const 8))) (i32.const 93))
        (drop (call $write (i32.const 1) (i32.const 1024)
          (i32.add (i32.const 2) (i32.load (i32.const 8)))))"""
    )  # in brackets, so that it is data and no event
    guest = make(echo)
    head = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "subject": "é"}
    json_event = event(b'{"n": 1.50}', subject="%C3%A9")
    assert guest.run(json_event) == [head | {"datacontenttype": "application/json", "data": {"n": 1.5}}]
    text = event(b"a\nb", "text/plain", subject="%C3%A9")
    assert guest.run(text) == [head | {"datacontenttype": "text/plain", "data": "a\nb"}]
    other = event(b"\0\xff", "image/png", subject="%C3%A9")
    assert guest.run(other) == [head | {"datacontenttype": "image/png", "data_base64": "AP8="}]
