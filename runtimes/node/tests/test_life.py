"""Starting and ending: the command, hooks, SIGTERM."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import pytest

from .conftest import Start
from .serving import COMMAND, FUNCTIONS, clean_environment, eventually, free_port, raw_event, read_response


def run(*arguments: str, **variables: str) -> tuple[int, str]:
    """The command, to its end: exit code and stderr without the log."""
    environment = clean_environment() | {"PORT": str(free_port())} | variables
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    lines = done.stderr.splitlines(keepends=True)
    return done.returncode, "".join(line for line in lines if not line.startswith("{"))


@pytest.mark.parametrize(
    ("files", "code", "message"),
    [
        ({}, 2, "{dir} has no index.js: write `module.exports = "),
        ({"index.js": "exports.x = 1"}, 3, "{dir}/index.js exports no function: write"),
        ({"index.mjs": "export default 5"}, 3, "{dir}/index.mjs exports no function: write"),
        ({"index.js": "require('nonsense-x')"}, 3, "{dir}/index.js cannot be loaded"),
        ({"index.js": "module.exports = ("}, 3, "{dir}/index.js cannot be loaded"),
        ({"index.js": "throw undefined"}, 3, "{dir}/index.js cannot be loaded"),
        ({"index.js": "process.exit(5)"}, 5, None),
        ({"index.js": "module.exports = () => 1", "package.json": "{"}, 2, "{dir}/package.json is not JSON"),
        (
            {
                "index.js": "module.exports = () => 1",
                "package.json": '{"dependencies": {"left-pad-x": "1", "cloudevents": "8"}}',
            },
            2,
            "{dir}/package.json lists left-pad-x, not installed: run `(cd {dir} && npm install)`",
        ),
    ],
)
def test_functions_that_cannot_be_loaded(
    packages: Path, tmp_path: Path, files: dict[str, str], code: int, message: str | None
) -> None:
    """A sentence and an exit code, after the user's own stack."""
    assert packages.is_dir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    returned, error = run(str(tmp_path))
    assert returned == code
    if message is not None:
        assert error.splitlines()[-1].startswith("plait-node: error: " + message.format(dir=tmp_path))


def test_the_users_own_stack(packages: Path, tmp_path: Path) -> None:
    """Is shown, with the user's file and line."""
    assert packages.is_dir()
    (tmp_path / "helper.js").write_text("null.x\n")
    (tmp_path / "index.js").write_text("require('./helper')\n")
    _, error = run(str(tmp_path))
    assert "TypeError: Cannot read properties of null" in error
    assert f"{tmp_path}/helper.js:1:6" in error


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (("nowhere",), {}, "nowhere is not a folder"),
        (
            (str(FUNCTIONS / "echo"),),
            {"PLAIT_TIMEOUT": "soon"},
            "PLAIT_TIMEOUT=soon: must be a number of seconds above 0, such as 30 or 0.5",
        ),
        ((str(FUNCTIONS / "echo"),), {"PORT": "0"}, "PORT=0: must be a whole number above 0"),
    ],
)
def test_mistakes_of_the_command_line(
    arguments: tuple[str, ...], variables: dict[str, str], message: str
) -> None:
    """Exit code 2."""
    assert run(*arguments, **variables) == (2, f"plait-node: error: {message}\n")


def test_a_reply_type_that_cannot_be() -> None:
    """Said at the start, and not with the first event."""
    code, error = run(str(FUNCTIONS / "echo"), PLAIT_REPLY_TYPE="a\nb")
    assert code == 3
    assert error == (
        "plait-node: error: PLAIT_REPLY_TYPE and PLAIT_REPLY_SOURCE: attribute 'type' has the forbidden"
        " character U+000A\n"
    )


def test_a_port_that_is_taken() -> None:
    """A sentence."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, error = run(str(FUNCTIONS / "echo"), PORT=str(port))
    message = f"cannot listen on 127.0.0.1:{port}: something listens there already"
    assert (code, error) == (3, f"plait-node: error: {message}\n")


def test_the_hooks(start: Start, tmp_path: Path) -> None:
    """init before the first event, probes as they say, shutdown at the end; a probe's own path too."""
    server = start("hooks", FLAGS=tmp_path)
    assert server.post().body == b'{"started":true}'
    assert [server.get(f"/health/{name}").status for name in ("liveness", "readiness")] == [200, 200]
    for flag, page in (("dead", "liveness"), ("not-ready", "readiness"), ("refuses", "readiness")):
        (tmp_path / flag).touch()
        answer = server.get(f"/health/{page}")
        assert (answer.status, answer.body) == (503, b"no\n")
        (tmp_path / flag).unlink()
    assert server.get("/alive").body == b"ok\n"
    server.stop()
    assert server.process.returncode == 0
    assert (tmp_path / "shut-down").exists()


def test_an_init_that_fails(packages: Path, tmp_path: Path) -> None:
    """No server starts."""
    assert packages.is_dir()
    (tmp_path / "no-init").touch()
    code, error = run(str(FUNCTIONS / "hooks"), FLAGS=str(tmp_path))
    assert code == 3
    assert error.startswith("Error: init cannot\n")
    assert error.endswith("plait-node: error: init failed\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_with_events_in_flight(start: Start, number: signal.Signals) -> None:
    """Each is answered, the connection then closed; idle ones are closed at once, new ones not taken."""
    server = start("many")
    busy = [server.connect() for _ in range(10)]
    for connection in busy:
        connection.sendall(raw_event(headers={"ce-type": "sleep", "ce-subject": "1.5"}))
    eventually(lambda: server.in_flight() == 10)
    idle = server.connect()
    idle.sendall(raw_event(headers={"ce-type": "neighbour"}))
    assert read_response(idle).status == 200
    server.process.send_signal(number)
    assert idle.recv(10) == b""
    answers = [read_response(connection) for connection in busy]
    assert [(answer.status, answer.headers["connection"]) for answer in answers] == [(200, "close")] * 10
    server.output()
    assert server.process.returncode == 0
    for connection in (*busy, idle):
        connection.close()


def test_a_request_that_crosses_with_the_end(start: Start) -> None:
    """A connection that is there, and whose request comes after SIGTERM, is answered."""
    server = start("many")
    busy, new = server.connect(), server.connect()
    busy.sendall(raw_event(headers={"ce-type": "sleep", "ce-subject": "2"}))
    eventually(lambda: server.in_flight() == 1)
    server.process.send_signal(signal.SIGTERM)
    new.sendall(raw_event(headers={"ce-type": "neighbour"}))
    assert read_response(new).status == 200
    assert read_response(busy).status == 200
    for connection in (busy, new):
        connection.close()


def test_an_end_that_the_function_holds_up(start: Start) -> None:
    """PLAIT_TIMEOUT answers for it; then the process ends."""
    server = start("many", PLAIT_TIMEOUT=1)
    connection = server.connect()
    connection.sendall(raw_event(headers={"ce-type": "sleep", "ce-subject": "60"}))
    eventually(lambda: server.in_flight() == 1)
    server.process.send_signal(signal.SIGTERM)
    assert read_response(connection).status == 504
    server.output()
    assert server.process.returncode == 0
    connection.close()


def test_other_pages(start: Start) -> None:
    """The handshake of a webhook, 405 with Allow, 404."""
    server = start("echo")
    handshake = server.request("OPTIONS", "/", {"webhook-request-origin": "example.com"})
    assert (handshake.status, handshake.headers["allow"]) == (200, "POST, OPTIONS")
    assert handshake.headers["webhook-allowed-origin"] == "example.com"
    assert handshake.headers["webhook-allowed-rate"] == "*"
    assert [server.request(method, "/").headers["allow"] for method in ("GET", "PUT")] == [
        "POST, OPTIONS"
    ] * 2
    refused = server.request("POST", "/metrics", {}, b"x" * 100)
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    assert (server.get("/nowhere").status, server.request("HEAD", "/health/liveness").status) == (404, 200)
    assert server.get("/metrics").headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
