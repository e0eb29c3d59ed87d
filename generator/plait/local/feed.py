"""News for whoever follows: the seq of each event that was accepted, or of which a delivery has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

MAX_BEHIND = 1000


class Feed:
    """Gives every follower every number. One that is slow gets a repeated number once and loses old ones."""

    def __init__(self) -> None:
        self._followers: set[_Follower] = set()

    def publish(self, seq: int) -> None:
        """Tell the followers."""
        for follower in self._followers:
            follower.put(seq)

    async def follow(self) -> AsyncIterator[int]:
        """The numbers from now on, until the feed is closed."""
        follower = _Follower()
        self._followers.add(follower)
        try:
            while (seq := await follower.get()) is not None:
                yield seq
        finally:
            self._followers.discard(follower)

    def close(self) -> None:
        """End all followers."""
        for follower in self._followers:
            follower.close()


class _Follower:
    def __init__(self) -> None:
        self._waiting: dict[int, None] = {}
        self._news = asyncio.Event()
        self._closed = False

    def put(self, seq: int) -> None:
        self._waiting[seq] = None
        if len(self._waiting) > MAX_BEHIND:
            self._waiting.pop(next(iter(self._waiting)))
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def get(self) -> int | None:
        while not self._waiting:
            if self._closed:
                return None
            self._news.clear()
            await self._news.wait()
        seq = next(iter(self._waiting))
        del self._waiting[seq]
        return seq
