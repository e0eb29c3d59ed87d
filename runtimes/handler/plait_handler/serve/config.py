"""What gunicorn is told, from our settings."""

from __future__ import annotations

import math
import os
from typing import Any

from plait_handler.settings import Settings

# A broker's dispatcher keeps an idle connection for 90 s (Go's http.DefaultTransport). The server waits
# longer, so that it is the dispatcher that closes: a request could cross with the server's closing.
KEEPALIVE = 120
# Seconds beyond PLAIT_TIMEOUT until a worker whose event loop stands still is killed.
_STANDSTILL = 5
_CONNECTIONS = 4096
_HEADER_BYTES = 16 * 1024


def options(settings: Settings) -> dict[str, Any]:
    """The options of gunicorn: no file is written but the heartbeat's, which has no name."""
    longest = math.ceil(settings.timeout)
    return {
        "bind": [settings.address],
        "workers": settings.workers,
        "worker_class": "plait_handler.serve.worker.Worker",
        "worker_connections": _CONNECTIONS,
        "logger_class": "plait_handler.serve.log.JSONLogger",
        "loglevel": settings.log_level,
        "accesslog": None,
        # gunicorn-h1c where it is installed: it comes as source, so not every machine can have it.
        "http_parser": "auto",
        # Underscores are for the codec to refuse, not for gunicorn to drop: ASGI maps names to no variables.
        "header_map": "dangerous",
        "asgi_lifespan": "on",
        # "auto" is uvloop wherever another package brought it. What is tested is what runs.
        "asgi_loop": "asyncio",
        "keepalive": KEEPALIVE,
        "timeout": longest + _STANDSTILL,
        "graceful_timeout": longest + _STANDSTILL,
        "limit_request_field_size": _HEADER_BYTES,
        "worker_tmp_dir": _temporary(),
        "control_socket_disable": True,
    }


def _temporary() -> str | None:
    """A folder in memory for the heartbeat; None: gunicorn looks for one itself."""
    folders = ("/dev/shm", "/tmp")  # noqa: S108 - the file in it is made by mkstemp and unlinked at once
    return next((folder for folder in folders if os.access(folder, os.W_OK | os.X_OK)), None)
