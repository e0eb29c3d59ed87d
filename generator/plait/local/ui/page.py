"""Answers requests for the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from plait.local.api import answer
from plait.local.broker import LocalBroker
from plait.local.http.message import RawHeaders, Request, Response
from plait.local.plain import Json
from plait.local.routes import Broker
from plait.local.ui import seen
from plait.local.ui.send import send

if TYPE_CHECKING:
    from plait.flow import Flow

ROOT = "/_plait/"
_PICTURE = "/_plait/api/picture"
_SEND = "/_plait/api/send"
_STATIC = Path(__file__).parent / "static"
_KINDS = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}
# Event data are shown as text; should markup ever get through, it runs nothing and reaches nobody. Trusted
# Types make the browser refuse all markup from text but the picture of the flow.
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'; trusted-types plait-picture"
)
_HEADERS: RawHeaders = (
    (b"Content-Security-Policy", _POLICY),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"Cross-Origin-Opener-Policy", b"same-origin"),
    (b"Cross-Origin-Resource-Policy", b"same-origin"),
    (b"Cache-Control", b"no-cache"),
)


class Page:
    """The page of one broker.

    Args:
        broker: whose flow it shows.

    Attributes:
        flow: gives the Flow that runs, or None for a broker alone; what functions emit is drawn from it.
    """

    def __init__(self, broker: LocalBroker) -> None:
        self.broker = broker
        self.flow: Callable[[], Flow | None] = _no_flow

    async def serve(self, request: Request) -> Response | None:
        """The answer to a request whose Host and Origin are checked; None where it is for the API."""
        parts = urlsplit(request.target)
        if parts.path == _SEND:
            return await send(self.broker, request)
        if parts.path == _PICTURE:
            wanted = parse_qs(parts.query).get("broker", [""])[0]
            return await self._picture(request.method, wanted)
        file = files().get(parts.path)
        return _file(file, request.method) if file else None

    async def _picture(self, method: str, wanted: str) -> Response:
        """The flow of one Broker, drawn; of the first where none is named."""
        if method != "GET":
            return answer({"error": f"{method} is not for picture"}, 405)
        brokers = self.broker.routes.brokers
        chosen = next((item for item in brokers if wanted in ("", item.key)), None)
        if chosen is None:
            return answer({"error": f"no Broker {wanted}"}, 404)
        found = await self.broker.store.query(partial(seen.read, broker=chosen.key))
        return answer(await asyncio.to_thread(_drawn, chosen, self.flow(), found))


@cache
def files() -> Mapping[str, tuple[bytes, bytes]]:
    """Content type and content by path; they are few and small."""
    found = {f"{ROOT}assets/{path.name}": path for path in _STATIC.iterdir() if path.suffix in _KINDS}
    found[ROOT] = found.pop(f"{ROOT}assets/index.html")
    return {name: (_KINDS[path.suffix], path.read_bytes()) for name, path in found.items()}


def _file(file: tuple[bytes, bytes], method: str) -> Response:
    kind, content = file
    if method not in ("GET", "HEAD"):
        return Response(405, [*_HEADERS, (b"Allow", b"GET, HEAD")])
    return Response(200, [(b"Content-Type", kind), *_HEADERS], content)


def _no_flow() -> Flow | None:
    return None


def _drawn(broker: Broker, flow: Flow | None, found: seen.Seen) -> Json:
    """In a thread of its own: a large flow takes a while, and so does the import the first time."""
    # It brings pydantic along, which a broker that nobody looks at does without.
    from plait.local.ui.picture import picture  # noqa: PLC0415

    return picture(broker, flow, found)
