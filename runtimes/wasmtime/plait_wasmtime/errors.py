"""What a module's run may end in, besides its result."""

from __future__ import annotations

from plait_handler.errors import LoadError
from plait_handler.reply import ReplyError


class MissingExportError(LoadError):
    """The module has no function of the name that is to be called."""


class GuestError(ReplyError):
    """The module failed: 500. A ReplyError, so that the log has the sentence and no traceback of ours."""


class Interrupted(Exception):  # noqa: N818 - it is the end of a time, and the server's own 504
    """The module was stopped because the time for its event is up."""
