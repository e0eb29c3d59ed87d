"""gunicorn's own log, in the form of ours."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from plait_handler.logs import Formatter


class JSONLogger(Logger):
    """gunicorn's logger, each line a JSON object on stderr."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn's, then another format."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter())
