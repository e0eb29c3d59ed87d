"""gunicorn's HTTP/1 connection, with an end to the patience that it has with slow clients.

gunicorn's asgi worker waits for ever for the first request, for the rest of half-sent headers and for a
client that does not take its answer. Here each of these has `read_timeout` seconds. The worker looks once a
second (`Connection.sweep`), so that a request in time costs no timer.
"""

from __future__ import annotations

from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol

_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Connection(ASGIProtocol):
    """One connection of a client.

    Attributes:
        headers_since: when the connection was made, or the first bytes of a request came whose headers are
            not whole yet; None where neither is so. On the clock of the event loop.
        body_since: when the headers of the request were whole.
        answer_since: when the client's buffers were full; None where they are not.
    """

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
        if self.headers_since is None and not self._request_ready.is_set():
            self.headers_since = self.worker.loop.time()
        super().data_received(data)

    def _on_headers_complete(self) -> Any:
        self.headers_since = None
        self.body_since = self.worker.loop.time()
        return super()._on_headers_complete()

    def _serve_http_request(self, request: Any, sockname: Any, peername: Any) -> Any:
        """Serves the request in the connection's own task.

        gunicorn gives each request a task more, for applications that go on after their response.
        """
        return self._handle_http_request(request, sockname, peername)

    def pause_writing(self) -> None:
        """The client does not take its answer as fast as it is written."""
        self.answer_since = self.worker.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self.answer_since = None
        super().resume_writing()

    def sweep(self, oldest: float) -> None:
        """Ends what has waited since before `oldest`, on the clock of the event loop."""
        if self.answer_since is not None and self.answer_since < oldest:
            self.transport.abort()
        elif self.headers_since is not None and self.headers_since < oldest:
            if self.req_count:
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
        """Whether it waits for a request of which nothing has come."""
        return bool(self._awaiting_request) and self.headers_since is None

    def hang_up(self) -> None:
        """Closes the connection, and lets its task end."""
        self._close_transport()
        self._request_ready.set()
