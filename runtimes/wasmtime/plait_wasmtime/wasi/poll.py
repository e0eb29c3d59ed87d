"""poll_oneoff: waiting for a time. Files and streams of a module are always ready."""

from __future__ import annotations

import struct

from plait_wasmtime.wasi.clocks import REALTIME
from plait_wasmtime.wasi.run import Run

# userdata; tag; of a clock: its kind, timeout, precision, flags. typenames.witx: subscription, 48 bytes.
SUBSCRIPTION = struct.Struct("<Q B 7x I 4x Q Q H 6x")
# userdata, error, type; of a file: bytes, flags. typenames.witx: event, 32 bytes.
EVENT = struct.Struct("<Q H B 5x Q H 6x")
_CLOCK = 0
_ABSOLUTE = 1


def poll(run: Run, wanted: bytes) -> list[bytes]:
    """What happened, once something has.

    Args:
        run: whose time it is.
        wanted: subscriptions, one after another; at least one.

    Returns:
        Events, each as it is to be in memory.
    """
    ready, waiting = [], []
    for userdata, tag, kind, timeout, _, flags in SUBSCRIPTION.iter_unpack(wanted):
        if tag == _CLOCK:
            waiting.append((_left(run, kind, timeout, flags), userdata))
        else:
            ready.append(EVENT.pack(userdata, 0, tag, 1, 0))
    if ready:
        return ready
    shortest = min(left for left, _ in waiting)
    run.sleep(shortest)
    return [EVENT.pack(userdata, 0, _CLOCK, 0, 0) for left, userdata in waiting if left == shortest]


def _left(run: Run, kind: int, timeout: int, flags: int) -> int:
    """Nanoseconds until a time that is given from now on, or on a clock."""
    if not flags & _ABSOLUTE:
        return timeout
    return max(0, timeout - run.clock.now(REALTIME if kind == REALTIME else 1))
