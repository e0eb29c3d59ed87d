"""The runtime for Python functions that handle CloudEvents.

What a function's module may import:

    from plait_handler import Context, Reject, RetryLater, liveness, on_start, on_stop, readiness
"""

from plait_handler.context import Context
from plait_handler.errors import Reject, RetryLater
from plait_handler.hooks import liveness, on_start, on_stop, readiness

__version__ = "0.1.0"
__all__ = ["Context", "Reject", "RetryLater", "liveness", "on_start", "on_stop", "readiness"]
