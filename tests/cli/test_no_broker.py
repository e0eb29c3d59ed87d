"""The commands that talk to a broker where none is."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.cli.workspace import Workspace


class _Other(http.server.BaseHTTPRequestHandler):
    """Another program: JSON under any path but one."""

    def do_GET(self) -> None:
        self.send_response(404 if "missing" in self.path else 200)
        self.end_headers()
        self.wfile.write(b'{"detail": "hello"}' if "trace" in self.path else b"<html>")

    do_POST = do_GET  # noqa: N815 - the name is http.server's

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    """The port of a server that is not plait."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Other) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "args",
    [
        ["events"],
        ["events", "--follow", "--format", "json"],
        ["trace", "1"],
        ["trace", "missing"],
        ["trace"],
        ["replay", "1"],
        ["send", "--type", "t", "--source", "/s"],
    ],
)
def test_another_program(empty: Workspace, other: str, args: list[str]) -> None:
    """What answers on the port is not plait run: it says so."""
    told = empty.refused(*args, "--port", other)
    assert told.startswith(f"error: http://127.0.0.1:{other}: what answers there is not plait run\n  hint: ")


@pytest.mark.parametrize("args", [["events"], ["events", "-f"], ["trace"], ["replay", "1"]])
def test_nobody_listens(empty: Workspace, args: list[str]) -> None:
    """It says what to start."""
    told = empty.refused(*args, "--port", "9")
    assert told.startswith(
        "error: http://127.0.0.1:9: connection refused: nobody listens there\n  hint: plait run"
    )
