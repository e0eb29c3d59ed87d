"""Tasks in the background of an `async with`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def background() -> AsyncIterator[asyncio.TaskGroup]:
    """A TaskGroup that raises the first exception itself, and no group of one.

    So a PlaitError raised inside of it reaches the command line as what it is.
    """
    first: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        first = group.exceptions[0]
    if first:
        raise first
