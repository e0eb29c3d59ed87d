"""What a function raises to say what becomes of an event, and what this package raises itself."""

from __future__ import annotations


class HandlerError(Exception):
    """Root of what stops the runtime from starting: the command prints it as a sentence and exits."""


class SettingsError(HandlerError):
    """An environment variable with a value that cannot be."""


class LoadError(HandlerError):
    """A function that cannot be loaded.

    Attributes:
        traceback: the user's own traceback, or None where the mistake is not in the user's code.
    """

    def __init__(self, message: str, traceback: str | None = None) -> None:
        super().__init__(message)
        self.traceback = traceback


class Reject(Exception):  # noqa: N818 - read as a verb: `raise Reject("no order number")`
    """The event is wrong and will be wrong next time too: 400, which a Broker does not retry.

    Args:
        reason: goes into the answer, and so into a dead letter's `knativeerrordata`.
    """


class RetryLater(Exception):  # noqa: N818 - as Reject
    """The event is fine but not now: 503 with Retry-After, which a Broker retries.

    Args:
        seconds: the least time to wait; rounded up to whole seconds.
        reason: goes into the answer.
    """

    def __init__(self, seconds: float = 1, reason: str = "retry later") -> None:
        super().__init__(reason)
        self.seconds = seconds
