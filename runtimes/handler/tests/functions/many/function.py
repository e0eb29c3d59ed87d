"""Does what the event's type says. Sync, so in a thread."""

import os
import subprocess
import sys
import time

from cloudevents.core.v1.event import CloudEvent
from neighbour import GREETING

from plait_handler import Reject, RetryLater

KINDS = {
    "dict": {"a": 1},
    "list": [1],
    "tuple": (1, 2),
    "str": "text \u20ac",
    "bytes": b"\x00\xff",
    "int": 5,
    "float": 1.5,
    "bool": False,
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


def do_event(event, context):
    attributes = {"type": "made", "source": "/made", "id": "7", "datacontenttype": "application/json"}
    return CloudEvent(attributes, {"got": event.get_data()})


def do_broken_event(event, context):
    made = CloudEvent({"type": "made", "source": "/made"})
    made.get_attributes()["id"] = ""
    return made


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


def do_exit(event, context):
    sys.exit(5)


def do_die(event, context):
    os._exit(9)


def do_stop_iteration(event, context):
    raise StopIteration("early")


def do_keyboard_interrupt(event, context):
    raise KeyboardInterrupt


def do_reject(event, context):
    raise Reject("no order number")


def do_retry(event, context):
    raise RetryLater(2.5, "the database is away")


def do_print(event, context):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    return "printed"


def do_stdin(event, context):
    return {"stdin": sys.stdin.read()}


def do_fork(event, context):
    os.fork()
    return {"pid": os.getpid()}


def do_subprocess(event, context):
    return subprocess.run(["echo", "hello"], check=True, capture_output=True).stdout


def do_spin(event, context):
    while True:
        pass


def do_sleep(event, context):
    time.sleep(float(event.get_subject()))
    return "slept"
