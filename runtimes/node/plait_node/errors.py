"""What stops the command before Node runs."""

from __future__ import annotations


class NodeError(Exception):
    """Printed as a sentence.

    Attributes:
        details: what another program said about it; may be empty.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details
