"""Starting: the command, gunicorn by hand, a file system that is read-only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from runtimes.conformance.command import run
from runtimes.conformance.server import Server, Start

from plait_handler.errors import LoadError
from plait_handler.function.loader import load

from ..conftest import COMMAND, FUNCTIONS, line


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", " has no function `handle`: write `def handle(event):` or `async def"),
        ("handle = 5", " has no function `handle`: write"),
        ("def handle(): pass", ": handle() cannot be called: it must take (event) or (event, context)"),
        ("def handle(a, b, c): pass", ": handle(a, b, c) cannot be called"),
        ("import nonsense_x", " cannot be imported: ModuleNotFoundError: No module named"),
        ("def handle(:", " cannot be imported: SyntaxError: invalid syntax"),
        ("raise SystemExit(5)", " cannot be imported: SystemExit: 5"),
    ],
)
def test_functions_that_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    """A sentence, and no line of ours in the traceback."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "function.py").write_text(source)
    with pytest.raises(LoadError) as raised:
        load(tmp_path, concurrency=1, exhausted=lambda: None)
    assert str(raised.value).startswith(f"{tmp_path}/function.py{message}")
    assert "plait_handler/" not in str(raised.value.traceback)


def test_no_function(tmp_path: Path) -> None:
    """Exit code 2, and what to write."""
    message = f"{tmp_path} has no function.py: write one with `def handle(event):` in it"
    assert run(line(tmp_path)) == (2, "", f"plait-handler: error: {message}\n")


def test_the_users_own_traceback(tmp_path: Path) -> None:
    """Is shown, from the user's file on, before the sentence."""
    (tmp_path / "helper.py").write_text("1 / 0\n")
    (tmp_path / "function.py").write_text("import helper\n")
    done = run(line(tmp_path))
    lines = done.err.splitlines()
    assert done.code == 3
    assert lines[:2] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/function.py", line 1, in <module>',
    ]
    assert f'File "{tmp_path}/helper.py", line 1' in done.err
    assert lines[-1].startswith(f"plait-handler: error: {tmp_path}/function.py cannot be imported: Zero")
    assert "plait_handler/" not in done.err


def test_on_start_that_fails(start: Start, tmp_path: Path) -> None:
    """The server does not start, and says why."""
    (tmp_path / "function.py").write_text(
        "from plait_handler import on_start\n@on_start\ndef begin(): raise OSError('no database')\n"
        "def handle(event): pass\n"
    )
    server = start(tmp_path, ready=False)
    assert server.exit_code() == 3
    assert "OSError: no database" in server.stderr()


@pytest.mark.parametrize("arguments", [[], ["-k", "asgi"]])
def test_started_by_gunicorn(arguments: list[str]) -> None:
    """Without our command; and with gunicorn's own worker, which speaks plain ASGI to the application."""
    directory = FUNCTIONS / "many"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:plait_handler.gunicorn_conf", *arguments]
    server = Server([*command, f"plait_handler.main:app({str(directory)!r})"])
    try:
        server.wait_until_ready()
        answers = [server.post(type="plain", subject=subject) for subject in ("dict", "none", "set")]
        answers += [server.post(type="reject"), server.request("POST", "/", {}, b"x")]
        assert [(answer.status, answer.body) for answer in answers] == [
            (200, b'{"a":1}'),
            (204, b""),
            (500, b"the function failed\n"),
            (400, b"no order number\n"),
            (400, b"not a CloudEvent: no specversion\n"),
        ]
        assert answers[0].same_each_time == {
            "ce-specversion": "1.0",
            "ce-type": "reply",
            "ce-source": "many",
            "content-type": "application/json",
        }
        assert server.post(b"x" * 2_000_000).status == 413
    finally:
        server.kill()


READ_ONLY = ("unshare", "--mount", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh")
ANY_USER = ("setpriv", "--reuid=12345", "--regid=0", "--clear-groups")


def test_a_read_only_root_and_any_user() -> None:
    """No file is written, and no user's name or home is needed.

    Really read-only, and another user, where this machine lets a test do so: as root, with a Python that
    others may read.
    """
    before = files()
    prefix: list[str] = []
    for part in (READ_ONLY, ANY_USER):
        if works([*prefix, *part, sys.executable, "-c", "import plait_handler.main"]):
            prefix += part
    variables = {"HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    server = Server([*prefix, *line("echo")], variables)
    try:
        server.wait_until_ready()
        assert server.post(b"x").body == b"x"
        assert files() == before
    finally:
        server.kill()


def works(command: list[str]) -> bool:
    """Whether a command ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def files() -> set[Path]:
    """Files of gunicorn's, where a server might write."""
    folders = (Path("/tmp"), Path("/dev/shm"), Path.cwd(), FUNCTIONS / "echo")  # noqa: S108
    return {path for folder in folders for path in folder.glob("*gunicorn*")}


def test_the_event_module_needs_no_server() -> None:
    """`import plait_handler` in a test of a function does not import gunicorn."""
    code = "import sys, plait_handler.codec; sys.exit('gunicorn' in sys.modules)"
    assert subprocess.run([COMMAND[0], "-c", code], check=False).returncode == 0


def test_the_event_loop_is_asyncios(start: Start, tmp_path: Path) -> None:
    """uvloop, which gunicorn takes where another package brought it, is not so much as imported."""
    (tmp_path / "uvloop.py").write_text("raise SystemExit('uvloop was imported')")
    assert start("echo", PYTHONPATH=tmp_path).status("t") == 200
