"""gunicorn's HTTP/1 connection, with an end to the patience that it has with slow clients.

gunicorn's asgi worker waits for ever for the first request, for the rest of half-sent headers and for a
client that does not take its answer. Here each of these has `read_timeout` seconds. The worker looks once a
second (`Connection.sweep`), so that a request in time costs no timer.
"""

from __future__ import annotations

import asyncio
import select
from functools import partial
from typing import Any

from gunicorn.asgi.protocol import (
    ASGIProtocol,
    _get_cached_date_header,
    _get_cached_status_line,
)

from plait_handler.server.answers import Answer, framed

_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Connection(ASGIProtocol):
    """One connection of a client.

    Attributes:
        unused: nothing has come.
        last: whether the connection ends after this answer, because the application said so.
        headers_since: when the connection was made, or the first bytes of a request came whose headers are
            not whole yet; None where neither is so. On the clock of the event loop.
        body_since: when the headers of the request were whole.
        answer_since: when a look found an answer that the client had not taken whole; None where the last did
            not. (Python 3.12.8 and 3.13.1 and before do not call `pause_writing` for all: CVE-2024-12254.)
    """

    unused = True
    last = False
    headers_since: float | None = None
    body_since: float | None = None
    answer_since: float | None = None

    def connection_made(self, transport: Any) -> None:
        """Joins the worker's connections, if there is room."""
        super().connection_made(transport)
        self.headers_since = self.worker.loop.time()
        self.worker.connections.add(self)
        if self.worker.nr_conns > self.worker.worker_connections:
            transport.write(_UNAVAILABLE)
            self._close_transport()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leaves them."""
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        self.unused = False
        if self.headers_since is None and not self._request_ready.is_set():
            self.headers_since = self.worker.loop.time()
        super().data_received(data)

    def _on_headers_complete(self) -> Any:
        self.headers_since = None
        self.body_since = self.worker.loop.time()
        return super()._on_headers_complete()

    def _serve_http_request(self, request: Any, sockname: Any, peername: Any) -> Any:
        """Serves the request in the connection's own task, without one more for each request.

        That one is for applications that go on after their response; ours does not.
        """
        if self._is_whole_event(request):
            return self._exchange(request)
        return self._handle_http_request(request, sockname, peername)

    def _build_http_scope(self, request: Any, sockname: Any, peername: Any) -> Any:
        """With a way to say that the connection ends: gunicorn takes no notice of a header that says it."""
        scope = super()._build_http_scope(request, sockname, peername)
        scope["plait.last"] = self._end_after_this
        return scope

    def _end_after_this(self) -> None:
        self.last = True

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:  # noqa: FBT001
        return self.last or bool(super()._will_close(request, response_requires_close))

    def _is_whole_event(self, request: Any) -> bool:
        """Whether it is an event for our own application, and all of it is there: nearly all are."""
        receiver = self._body_receiver
        return (
            request.path == "/"
            and request.method == "POST"
            and receiver._complete  # noqa: SLF001
            and len(receiver._chunks) <= 1  # noqa: SLF001
            and receiver.buffered <= getattr(self.app, "max_body", -1)
        )

    async def _exchange(self, request: Any) -> bool:
        """Answers an event without the messages of ASGI, which take as long as all the rest of the answer.

        Returns:
            Whether the connection stays open.
        """
        receiver = self._body_receiver
        body = receiver._pop_chunk()["body"] if receiver._chunks else b""  # noqa: SLF001
        try:
            await self.app.exchange(request.headers_bytes, body, partial(self._deliver, request))
        except asyncio.CancelledError:
            return False
        return not self._will_close(request, response_requires_close=False)

    async def _deliver(self, request: Any, answer: Answer) -> None:
        if self._closed:
            return
        parts = [_get_cached_status_line(request.version, answer.status), _get_cached_date_header()]
        for header in framed(answer):
            parts += (header[0], b": ", header[1], b"\r\n")
        if self._will_close(request, response_requires_close=False):
            parts.append(b"connection: close\r\n")
        self._safe_write(b"".join((*parts, b"\r\n", answer.body)))
        if self._flow_control.write_paused:
            await self._flow_control.drain()

    def sweep(self, oldest: float) -> None:
        """Ends what has waited since before `oldest`, on the clock of the event loop."""
        if not self.transport.get_write_buffer_size():
            self.answer_since = None
        elif self.answer_since is None:
            self.answer_since = self.worker.loop.time()
        if self.answer_since is not None and self.answer_since < oldest:
            self.transport.abort()
        elif self.headers_since is not None and self.headers_since < oldest:
            if not self.unused:
                self._send_error_response(408, "the headers did not arrive in time")
            self.hang_up()
        elif self._body_is_late(oldest):
            # As gunicorn's own waiting does at its end: the application is told of a disconnect.
            self._body_receiver._body_wait_expired = True  # noqa: SLF001
            self._body_receiver._wake_waiter()  # noqa: SLF001

    def _body_is_late(self, oldest: float) -> bool:
        receiver = self._body_receiver
        waiting = receiver is not None and not receiver._complete and not receiver._body_wait_expired  # noqa: SLF001
        return waiting and self.body_since is not None and self.body_since < oldest

    @property
    def idle(self) -> bool:
        """Whether it waits for a request of which nothing has come, not even to the system's buffer."""
        if not self._awaiting_request or (self.headers_since is not None and not self.unused):
            return False
        # The headers may be there whole, and the task that awaits them not have run yet.
        return not self._request_ready.is_set() and not self._has_unread()

    def _has_unread(self) -> bool:
        look = select.poll()
        look.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(look.poll(0))

    def hang_up(self) -> None:
        """Closes the connection, and lets its task end."""
        self._close_transport()
        self._request_ready.set()
