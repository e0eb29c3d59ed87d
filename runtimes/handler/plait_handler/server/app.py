"""The ASGI application: which path and method is whose."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from plait_handler.function.interface import Function
from plait_handler.reply import replies
from plait_handler.server.answers import Answer, Outcome, Receive, Send, send
from plait_handler.server.bodies import Bodies
from plait_handler.server.calls import Calls
from plait_handler.server.events import Events
from plait_handler.server.journal import Journal
from plait_handler.server.metrics import CONTENT_TYPE, Metrics
from plait_handler.settings import Settings

Scope = MutableMapping[str, Any]
_PROBE_SECONDS = 5.0
_TEXT = b"text/plain; charset=utf-8"
_READ = b"GET, HEAD"
_EVENTS = b"POST, OPTIONS"
_log = logging.getLogger("plait_handler")


class App:
    """The application around one function.

    Args:
        function: what handles events.
        settings: its limits, and how plain data is wrapped.

    Attributes:
        read_timeout: seconds that the server should give a client; the worker looks for it here.
        max_body: bytes that a body may have.
        exchange: answers an event that is there whole (`Events.exchange`), for a server that knows us and can
            leave ASGI's messages out.
    """

    def __init__(self, function: Function, settings: Settings) -> None:
        self.function = function
        self.read_timeout = settings.read_timeout
        self.max_body = settings.max_body
        self.metrics = Metrics()
        self.calls = Calls(settings.concurrency, settings.timeout, retire)
        self.events = Events(
            function,
            replies(settings.reply_type, settings.reply_source or function.name),
            Bodies(settings.max_body, settings.concurrency),
            self.calls,
            self.metrics,
            Journal(settings.log_level),
        )
        self.exchange = self.events.exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the worker."""
        kind = scope["type"]
        if kind == "http":
            if scope["path"] == "/" and scope["method"] == "POST":
                await self.events.serve(scope, receive, send)
            else:
                await self._other(scope, send)
        elif kind == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close"})

    async def _other(self, scope: Scope, to: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/":
            await send(to, _options(scope) if method == "OPTIONS" else _not_allowed(_EVENTS))
            return
        pages: dict[str, Callable[[], Awaitable[Answer]]] = {
            "/health/liveness": self._liveness,
            "/health/readiness": self._readiness,
            "/metrics": self._metrics,
        }
        page = pages.get(path)
        if page is None:
            await send(to, _page(404, b"no such page: events are posted to /\n"))
        elif method in ("GET", "HEAD"):
            await send(to, await page())
        else:
            await send(to, _not_allowed(_READ))

    async def _liveness(self) -> Answer:
        return await _probe("liveness", self.function.is_alive)

    async def _readiness(self) -> Answer:
        return await _probe("readiness", self.function.is_ready)

    async def _metrics(self) -> Answer:
        text = self.metrics.text(len(self.calls), self.calls.lost)
        return _page(200, text.encode("ascii"), CONTENT_TYPE)

    async def _live(self, receive: Receive, to: Send) -> None:
        await receive()
        try:
            await self.function.start()
        except Exception as error:  # noqa: BLE001 - whatever the user's code raises
            _log.exception("on_start failed: the server does not start")
            await to(
                {"type": "lifespan.startup.failed", "message": f"on_start: {type(error).__name__}: {error}"}
            )
            return
        await to({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await self.function.stop()
        except Exception:  # noqa: BLE001 - whatever the user's code raises
            _log.exception("on_stop failed")
        await to({"type": "lifespan.shutdown.complete"})


async def _probe(name: str, check: Callable[[], Awaitable[bool]]) -> Answer:
    try:
        good = await asyncio.wait_for(check(), _PROBE_SECONDS)
    except Exception:  # noqa: BLE001 - whatever the user's code raises
        _log.exception("%s failed", name)
        good = False
    return _page(200, b"ok\n") if good else _page(503, b"no\n")


def _page(status: int, body: bytes, content_type: bytes = _TEXT, *headers: tuple[bytes, bytes]) -> Answer:
    return Answer(Outcome.NO_REPLY, status, [(b"content-type", content_type), *headers], body)


def _not_allowed(allowed: bytes) -> Answer:
    return _page(405, b"method not allowed\n", _TEXT, (b"allow", allowed))


def _options(scope: Scope) -> Answer:
    """A webhook's handshake (HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4): any origin may send."""
    origin = next((value for name, value in scope["headers"] if name == b"webhook-request-origin"), b"*")
    headers = [(b"allow", _EVENTS), (b"webhook-allowed-origin", origin), (b"webhook-allowed-rate", b"*")]
    return Answer(Outcome.NO_REPLY, 200, headers)


def retire() -> None:
    """Ends this worker in an orderly way; the server puts another in its place."""
    _log.error("so many calls go on after their time was up that this worker is replaced")
    os.kill(os.getpid(), signal.SIGTERM)
