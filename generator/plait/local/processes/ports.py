"""A port of its own for each process."""

from __future__ import annotations

import socket
from collections import deque

from plait.local.processes.plan import HOST

_REMEMBERED = 1000


class Ports:
    """Loopback ports that nobody listens on.

    The system may name a port twice while the first to get it has yet to listen, so the last 1000 are not
    given again. Another program may still take one before the function does: the function ends then, and
    starts again on another.
    """

    def __init__(self) -> None:
        self._given: deque[int] = deque(maxlen=_REMEMBERED)

    def __call__(self) -> int:
        """A free port."""
        port = _free()
        while port in self._given:
            port = _free()
        self._given.append(port)
        return port


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
