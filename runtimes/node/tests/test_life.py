"""Starting and ending: the command, hooks, SIGINT."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest
from runtimes.conformance.command import run
from runtimes.conformance.server import Start
from runtimes.conformance.wire import Client, eventually, posted

from .conftest import line


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
    done = run(line(tmp_path))
    assert done.code == code
    if message is not None:
        assert done.err.splitlines()[-1].startswith("plait-node: error: " + message.format(dir=tmp_path))


def test_the_users_own_stack(packages: Path, tmp_path: Path) -> None:
    """Is shown, with the user's file and line."""
    assert packages.is_dir()
    (tmp_path / "helper.js").write_text("null.x\n")
    (tmp_path / "index.js").write_text("require('./helper')\n")
    error = run(line(tmp_path)).err
    assert "TypeError: Cannot read properties of null" in error
    assert f"{tmp_path}/helper.js:1:6" in error


def test_a_port_that_is_taken(packages: Path) -> None:
    """A sentence."""
    assert packages.is_dir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(line("echo"), PORT=port)
    message = f"cannot listen on 127.0.0.1:{port}: something listens there already"
    assert done == (3, "", f"plait-node: error: {message}\n")


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
    assert server.stop() == 0
    assert (tmp_path / "shut-down").exists()


def test_an_init_that_fails(packages: Path, tmp_path: Path) -> None:
    """No server starts."""
    assert packages.is_dir()
    (tmp_path / "no-init").touch()
    done = run(line("hooks"), FLAGS=tmp_path)
    assert done.code == 3
    assert done.err.startswith("Error: init cannot\n")
    assert done.err.endswith("plait-node: error: init failed\n")


def test_sigint_with_events_in_flight(start: Start, tmp_path: Path) -> None:
    """As SIGTERM: each is answered and its connection then closed; an idle one is closed at once."""
    server = start("many")
    busy = [Client(server.port) for _ in range(10)]
    for client in busy:
        client.send(posted(type="until", subject=str(tmp_path / "there")))
    eventually(lambda: server.in_flight() == 10)
    with Client(server.port) as idle:
        assert idle.exchange(posted(type="neighbour")).status == 200
        server.process.send_signal(signal.SIGINT)
        assert idle.is_at_its_end()
    (tmp_path / "there").touch()
    answers = [client.read() for client in busy]
    assert [(answer.status, answer.headers["connection"]) for answer in answers] == [(200, "close")] * 10
    assert server.exit_code() == 0
    for client in busy:
        client.close()
