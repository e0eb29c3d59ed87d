"""Starting and ending: the command, gunicorn by hand, SIGTERM, a file system that is read-only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import Start
from ..serving import COMMAND, FUNCTIONS, Server, eventually, free_port, raw_event, read_response


def run(*arguments: str, **variables: str) -> tuple[int, str]:
    """The command, to its end: exit code and stderr."""
    environment = os.environ | {"PORT": str(free_port())} | variables
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, "".join(
        line for line in done.stderr.splitlines(keepends=True) if not line.startswith("{")
    )


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        (None, 2, "{dir} has no function.py: write one with `def handle(event):` in it"),
        (
            "x = 1",
            3,
            "{dir}/function.py has no function `handle`: write `def handle(event):` or `async def",
        ),
        ("handle = 5", 3, "{dir}/function.py has no function `handle`: write"),
        (
            "def handle(): pass",
            3,
            "{dir}/function.py: handle() cannot be called: it must take (event) or (event, context)",
        ),
        ("def handle(a, b, c): pass", 3, "{dir}/function.py: handle(a, b, c) cannot be called"),
        (
            "import nonsense_x",
            3,
            "{dir}/function.py cannot be imported: ModuleNotFoundError: No module named",
        ),
        ("def handle(:", 3, "{dir}/function.py cannot be imported: SyntaxError: invalid syntax"),
        ("raise SystemExit(5)", 3, "{dir}/function.py cannot be imported: SystemExit: 5"),
    ],
)
def test_functions_that_cannot_be_loaded(tmp_path: Path, source: str | None, code: int, message: str) -> None:
    """A sentence and an exit code, and no traceback of ours."""
    if source is not None:
        (tmp_path / "function.py").write_text(source)
    returned, error = run(str(tmp_path))
    assert returned == code
    assert error.splitlines()[-1].startswith("plait-handler: error: " + message.format(dir=tmp_path))
    assert "plait_handler/" not in error


def test_the_users_own_traceback(tmp_path: Path) -> None:
    """Is shown, from the user's file on."""
    (tmp_path / "helper.py").write_text("1 / 0\n")
    (tmp_path / "function.py").write_text("import helper\n")
    _, error = run(str(tmp_path))
    assert error.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/function.py", line 1, in <module>',
    ]
    assert f'File "{tmp_path}/helper.py", line 1' in error


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (("nowhere",), {}, "nowhere is not a folder"),
        (
            (str(FUNCTIONS / "echo"),),
            {"PLAIT_TIMEOUT": "soon"},
            "PLAIT_TIMEOUT=soon: must be a number of seconds above 0, such as 30 or 0.5",
        ),
    ],
)
def test_mistakes_of_the_command_line(
    arguments: tuple[str, ...], variables: dict[str, str], message: str
) -> None:
    """Exit code 2."""
    assert run(*arguments, **variables) == (2, f"plait-handler: error: {message}\n")


def test_a_reply_type_that_cannot_be() -> None:
    """Said at the start, and not with the first event."""
    code, error = run(str(FUNCTIONS / "echo"), PLAIT_REPLY_TYPE="a\nb")
    assert code == 3
    assert error == (
        "plait-handler: error: PLAIT_REPLY_TYPE and PLAIT_REPLY_SOURCE: attribute 'type' has the forbidden"
        " character U+000A\n"
    )


def test_on_start_that_fails(tmp_path: Path) -> None:
    """The server does not start, and says why."""
    (tmp_path / "function.py").write_text(
        "from plait_handler import on_start\n@on_start\ndef begin(): raise OSError('no database')\n"
        "def handle(event): pass\n"
    )
    server = Server(tmp_path)
    try:
        _, error = server.output()
    finally:
        server.kill()
    assert server.process.returncode == 3
    assert "OSError: no database" in error


@pytest.mark.parametrize("arguments", [[], ["-k", "asgi"]])
def test_started_by_gunicorn(arguments: list[str]) -> None:
    """Without our command; and with gunicorn's own worker, which speaks plain ASGI to the application."""
    directory = FUNCTIONS / "many"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:plait_handler.gunicorn_conf", *arguments]
    server = Server(directory, command=[*command, f"plait_handler.main:app({str(directory)!r})"])
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
        assert answers[0].event == {
            "ce-specversion": "1.0",
            "ce-type": "reply",
            "ce-source": "many",
            "content-type": "application/json",
        }
        assert server.post(b"x" * 2_000_000).status == 413
    finally:
        server.kill()


def test_the_host() -> None:
    """Without HOST it is loopback."""
    server = Server(FUNCTIONS / "echo", {"HOST": ""})
    try:
        server.wait_until_ready()
        with open("/proc/net/tcp", encoding="ascii") as table:  # noqa: PTH123
            listening = [line.split()[1] for line in table if f":{server.port:04X} 00000000" in line]
        assert listening == [f"0100007F:{server.port:04X}"]
    finally:
        server.kill()


@pytest.mark.parametrize(("function", "subject"), [("waits", "4"), ("many", "4")])
def test_sigterm_finishes_what_is_in_flight(start: Start, function: str, subject: str) -> None:
    """50 events are with the function when SIGTERM comes: each is answered, and the process ends."""
    server = start(function)
    request = raw_event(headers={"ce-type": "sleep", "ce-subject": subject})
    connections = [server.connect() for _ in range(50)]
    for connection in connections:
        connection.sendall(request)
    eventually(lambda: server.in_flight() == 50)
    server.signal(signal.SIGTERM)
    answers = [read_response(connection) for connection in connections]
    assert [answer.status for answer in answers] == [200] * 50
    assert {answer.headers.get("connection") for answer in answers} <= {"close"}
    for connection in connections:
        connection.close()
    server.output()
    assert server.process.returncode == 0
