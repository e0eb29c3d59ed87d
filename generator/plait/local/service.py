"""The local broker as a service: store, broker, ingress and API on one port."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from plait.errors import PlaitError
from plait.local import guard, ingress
from plait.local.api import Api
from plait.local.broker import LocalBroker
from plait.local.http.message import MAX_BODY, Request, Response
from plait.local.http.server import Server
from plait.local.store import Store
from plait.local.store.store import KEEP
from plait.local.ui import Page

PREFIX = "/_plait/"


@dataclass(frozen=True)
class Options:
    """How to run it.

    Attributes:
        host, port: where to listen; port 0 takes a free one.
        data: the folder of the store; None keeps everything in memory.
        keep: how many delivered events stay.
        durable: whether commits outlast a power cut.
        max_body: the most bytes of an event.
        max_pages: see Store.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path | None = None
    keep: int = KEEP
    durable: bool = False
    max_body: int = MAX_BODY
    max_pages: int | None = None


class Service:
    """One running broker. `start`, `broker.configure(routes)`, and `stop` at the end."""

    def __init__(self, options: Options) -> None:
        self.options = options

    async def start(self) -> None:
        """Open the store and listen.

        Raises:
            PlaitError: where the store cannot be opened or the port is taken.
        """
        options = self.options
        self.store = Store(
            options.data, keep=options.keep, durable=options.durable, max_pages=options.max_pages
        )
        self.broker = LocalBroker(self.store, self.ingress_url)
        self.api = Api(self.broker, self.ingress_url)
        self.page = Page(self.broker)
        self._server = Server(self._handle, max_body=options.max_body)
        try:
            self.port = await self._server.start(options.host, options.port)
        except OSError as error:
            await self.store.close()
            taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
            hint = "--port 0 takes a free one" if taken else "--host is an address of this machine"
            where = f"{options.host}:{options.port}"
            raise PlaitError(f"cannot listen: {_reason(error)}", where=where, hint=hint) from None

    async def stop(self) -> None:
        """Stop listening, then delivering; then close the store."""
        self.broker.feed.close()
        await self._server.stop()
        await self.broker.stop()
        await self.store.close()

    def planned_url(self, key: str) -> str:
        """The ingress of a Broker, before the port is known."""
        return f"http://{self.options.host}:{self.options.port}/{key}"

    @property
    def url(self) -> str:
        """`http://HOST:PORT`."""
        host = self.options.host if self.options.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def ingress_url(self, key: str) -> str:
        """The ingress of the Broker `NAMESPACE/NAME`."""
        return f"{self.url}/{key}"

    async def _handle(self, request: Request) -> Response:
        if guard.is_foreign(request):
            return Response(403, body=b"a page of another site may not send requests here\n")
        own = request.target.startswith(PREFIX)
        if (own or guard.is_of_browser(request)) and not guard.is_known_host(request, (self.options.host,)):
            return Response(403, body=b"this name is not known here: use 127.0.0.1\n")
        if not own:
            return await ingress.serve(self.broker, request)
        return await self.page.serve(request) or await self.api.serve(request)


def _reason(error: OSError) -> str:
    """The system's words; asyncio's own repeat the address. A name that is not known has no errno."""
    if error.errno is None or isinstance(error, socket.gaierror):
        return str(error.strerror or error)
    return os.strerror(error.errno)
