"""The comments of GitHub and GitLab, on loopback: as much of their APIs as plait.ci uses."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

GITHUB = re.compile(r"/repos/shop/functions/issues/(?:7/comments|comments/(?P<id>\d+))")
GITLAB = re.compile(r"/projects/11/merge_requests/7/notes(?:/(?P<id>\d+))?")
TOKENS = {"Authorization": "Bearer t0ken", "PRIVATE-TOKEN": "t0ken"}


class Forge:
    """What was commented.

    Attributes:
        url: of the API.
        comments: by id; those in `foreign` are somebody else's.
        calls: method and path of each request.
    """

    def __init__(self) -> None:
        self.comments: dict[int, str] = {}
        self.foreign: set[int] = set()
        self.calls: list[str] = []
        self.url = ""

    def add(self, body: str, *, foreign: bool = False) -> None:
        """A comment that is there already."""
        number = len(self.comments) + 1
        self.comments[number] = body
        self.foreign |= {number} if foreign else set()

    def answer(self, method: str, path: str, content: Any) -> tuple[int, Any]:
        """Status and answer."""
        parts = urlsplit(path)
        found = GITHUB.fullmatch(parts.path) or GITLAB.fullmatch(parts.path)
        if found is None:
            return 404, {"message": "Not Found"}
        number = int(found["id"] or 0)
        if method == "GET":
            return 200, self._page(parse_qs(parts.query))
        if method == "POST":
            self.add(content["body"])
            return 201, {"id": len(self.comments)}
        if method != ("PATCH" if GITHUB.fullmatch(parts.path) else "PUT"):
            return 405, {}
        if number in self.foreign:
            return 403, {"message": "Forbidden"}
        self.comments[number] = content["body"]
        return 200, {"id": number}

    def _page(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        size, page = int(query["per_page"][0]), int(query["page"][0])
        listed = [{"id": number, "body": body} for number, body in self.comments.items()]
        return listed[(page - 1) * size : page * size]


@contextmanager
def forge() -> Iterator[Forge]:
    """One that runs."""
    state = Forge()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
            state.calls.append(f"{self.command} {self.path}")
            known = any(self.headers.get(name) == token for name, token in TOKENS.items())
            status, answer = (
                state.answer(self.command, self.path, content) if known else (401, {"message": "no"})
            )
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
