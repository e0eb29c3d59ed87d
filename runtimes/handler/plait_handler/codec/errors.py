"""What is wrong with a message."""

from __future__ import annotations


class CodecError(Exception):
    """A message that is no event, or an event that cannot be written.

    Attributes:
        status: the HTTP status for it: 400, or 415 for an event format other than JSON.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
