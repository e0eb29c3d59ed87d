"""Does what the event's type says. Sync, so in a thread."""

import os
import time

from neighbour import GREETING

from plait_handler import Reject, RetryLater

KINDS = {
    "dict": {"a": 1},
    "tuple": (1, 2),
    "float": 1.5,
    "none": None,
    "set": {1},
    "nan": float("nan"),
}


def handle(event, context):
    return globals()["do_" + event.get_type()](event, context)


def do_plain(event, context):
    return KINDS[event.get_subject()]


def do_neighbour(event, context):
    return GREETING


def do_data(event, context):
    return {"data": event.get_data()}


def do_context(event, context):
    context.logger.info("at work")
    return {
        "id": context.event_id,
        "prefer": context.headers["prefer"],
        "traceparent": context.traceparent,
        "tracestate": context.tracestate,
        "trace_id": context.trace_id,
        "in time": 0 < context.remaining() <= 30,
    }


def do_raise(event, context):
    raise ValueError("secret of the function")


def do_stop_iteration(event, context):
    raise StopIteration("early")


def do_keyboard_interrupt(event, context):
    raise KeyboardInterrupt


def do_reject(event, context):
    raise Reject("no order number")


def do_retry(event, context):
    raise RetryLater(2.5, "the database is away")


def do_spin(event, context):
    while True:
        pass


def do_sleep(event, context):
    time.sleep(float(event.get_subject()))
    return "slept"


def do_until(event, context):
    """Blocks until a file is there."""
    while not os.path.exists(event.get_subject()):
        time.sleep(0.05)
    return "there it is"
