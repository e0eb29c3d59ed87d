"""The command `plait-handler DIR`, and the application for a gunicorn that is started by hand."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from plait_handler import __version__, logs
from plait_handler.errors import HandlerError, LoadError
from plait_handler.function import load
from plait_handler.function.loader import find
from plait_handler.serve.config import options
from plait_handler.server import App
from plait_handler.server.app import retire
from plait_handler.settings import Settings, read

_DESCRIPTION = "Serves the function in DIR/function.py: events are posted to http://HOST:PORT/."
_EPILOG = (
    "The rest is in the environment: PORT, HOST, PLAIT_TIMEOUT, PLAIT_MAX_BODY, ...; see docs/runtimes/."
)


def main() -> None:
    """The command."""
    directory = Path(_arguments().directory)
    try:
        find(directory)
        settings = read(os.environ)
    except HandlerError as error:
        fail(error, code=2)
    serve(settings, lambda: _app(directory, settings))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("plait-handler", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("directory", metavar="DIR", help="folder of the function")
    parser.add_argument("--version", action="version", version=f"plait-handler {__version__}")
    return parser.parse_args()


def serve(settings: Settings, application: Callable[[], App]) -> None:
    """Serves until SIGTERM.

    Args:
        settings: for gunicorn.
        application: called in each worker process.
    """
    _Server(settings, application).run()


class _Server(BaseApplication):
    """gunicorn, without its command line."""

    def __init__(self, settings: Settings, application: Callable[[], App]) -> None:
        self.settings, self.application = settings, application
        super().__init__()

    def load_config(self) -> None:
        """As gunicorn asks for it."""
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> App:
        """In a worker: an error ends the server, not only the worker."""
        return self.application()


def app(directory: str) -> App:
    """The application for `gunicorn 'plait_handler.main:app("DIR")'`."""
    return _app(Path(directory), read(os.environ))


def _app(directory: Path, settings: Settings) -> App:
    logs.configure(settings.log_level)
    _close_stdin()
    try:
        return App(load(directory, concurrency=settings.concurrency, exhausted=retire), settings)
    except HandlerError as error:
        fail(error, code=Arbiter.WORKER_BOOT_ERROR)


def _close_stdin() -> None:
    """A function that reads stdin finds its end, instead of waiting for a terminal."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def fail(error: HandlerError, code: int, program: str = "plait-handler") -> NoReturn:
    """Prints the user's own traceback, where there is one, and the sentence; ends the process."""
    own: Any = error.traceback if isinstance(error, LoadError) else None
    sys.stderr.write(f"{own or ''}{program}: error: {error}\n")
    sys.stderr.flush()
    sys.exit(code)
