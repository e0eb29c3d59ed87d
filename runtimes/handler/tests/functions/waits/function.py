"""Async; waits, or misbehaves, as the event's type says."""

import asyncio
import os
import sys
import time

from plait_handler import liveness, on_start, on_stop, readiness

STATE = {"started": False, "live": True, "ready": True}


@on_start
async def begin():
    STATE["started"] = True


@on_stop
def end():
    print("stopped")


@liveness
def lives():
    return STATE["live"]


@readiness
async def ready():
    if STATE["ready"] == "raises":
        raise RuntimeError("no database")
    return STATE["ready"]


async def handle(event):
    return await globals()["do_" + event.get_type()](event)


async def do_started(event):
    return STATE["started"]


async def do_set(event):
    name, value = event.get_subject().split("=")
    STATE[name] = {"True": True, "False": False}.get(value, value)


async def do_sleep(event):
    await asyncio.sleep(float(event.get_subject()))
    return "slept"


async def do_swallow(event):
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass


async def do_block(event):
    time.sleep(float(event.get_subject()))


async def do_exit(event):
    sys.exit(5)


async def do_fork(event):
    os.fork()
    return {"pid": os.getpid()}
