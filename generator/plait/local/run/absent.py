"""The address of what does not run."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


class Absent:
    """A port of this process that refuses every connection, as a Service without a ready pod does.

    It is bound, so that nobody else gets it, and nobody listens; a context manager.
    """

    def __enter__(self) -> Self:
        self._socket = socket.socket()
        self._socket.bind((HOST, 0))
        return self

    def url(self, name: str) -> str:
        """Where a function would be; the path says to people who it is."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}/{name}-is-not-running"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
