"""What the environment says: limits, replies, logs. Read once, when the server starts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from plait_handler.errors import SettingsError

LOG_LEVELS = ("debug", "info", "warning", "error")
_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server; each field is one variable.

    Attributes:
        timeout: PLAIT_TIMEOUT, seconds a function may take for one event.
        max_body: PLAIT_MAX_BODY, bytes of a request's body.
        concurrency: PLAIT_CONCURRENCY, events in the function at once.
        read_timeout: PLAIT_READ_TIMEOUT, seconds a client may take for the headers, for the body, and to take
            its answer.
        reply_type: PLAIT_REPLY_TYPE, type of the event that plain data is wrapped in, or None.
        reply_source: PLAIT_REPLY_SOURCE, source of it, or None (the function's name).
        log_level: PLAIT_LOG_LEVEL, one of LOG_LEVELS.
        workers: PLAIT_WORKERS, processes.
        host, port: HOST and PORT to listen on.
    """

    timeout: float = 30.0
    max_body: int = 1024 * 1024
    concurrency: int = 100
    read_timeout: float = 10.0
    reply_type: str | None = None
    reply_source: str | None = None
    log_level: str = "info"
    workers: int = 1
    host: str = "127.0.0.1"
    port: int = 8080

    @property
    def address(self) -> str:
        """HOST and PORT as gunicorn has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings that the variables give; an empty variable is as one that is not set.

    Raises:
        SettingsError: a value that cannot be; the message names the variable.
    """
    given = _Given(environ)
    default = Settings()
    return Settings(
        timeout=given.seconds("PLAIT_TIMEOUT", default.timeout),
        max_body=given.count("PLAIT_MAX_BODY", default.max_body),
        concurrency=given.count("PLAIT_CONCURRENCY", default.concurrency),
        read_timeout=given.seconds("PLAIT_READ_TIMEOUT", default.read_timeout),
        reply_type=environ.get("PLAIT_REPLY_TYPE") or None,
        reply_source=environ.get("PLAIT_REPLY_SOURCE") or None,
        log_level=given.choice("PLAIT_LOG_LEVEL", default.log_level, LOG_LEVELS),
        workers=given.count("PLAIT_WORKERS", default.workers),
        host=environ.get("HOST") or default.host,
        port=given.port("PORT", default.port),
    )


@dataclass(frozen=True, slots=True)
class _Given:
    environ: Mapping[str, str]

    def seconds(self, name: str, default: float) -> float:
        text = self.environ.get(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 < value < math.inf:
            raise SettingsError(f"{name}={text}: must be a number of seconds above 0, such as 30 or 0.5")
        return value

    def count(self, name: str, default: int) -> int:
        text = self.environ.get(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or int(text) == 0:
            raise SettingsError(f"{name}={text}: must be a whole number above 0")
        return int(text)

    def port(self, name: str, default: int) -> int:
        port = self.count(name, default)
        if port > _LARGEST_PORT:
            raise SettingsError(f"{name}={port}: a port is {_LARGEST_PORT} at the most")
        return port

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text = (self.environ.get(name) or default).lower()
        if text not in choices:
            raise SettingsError(f"{name}={text}: must be one of {', '.join(choices)}")
        return text
