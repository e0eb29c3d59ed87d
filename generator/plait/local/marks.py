"""Which events break their contracts, noted in what the API gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from plait.local.plain import Json

Broken = Callable[[int, str], Awaitable[Sequence[str]]]
"""By an event's number and type: in what its data break their contract, a text each."""


class Marks:
    """Notes `contract` in events.

    Attributes:
        broken: tells; None where no event has a contract.
    """

    def __init__(self) -> None:
        self.broken: Broken | None = None

    async def note(self, events: Iterable[Json]) -> None:
        """Add `contract`, a list of texts, to the events that break theirs, and to those of a trace."""
        for node in _nodes(events):
            if self.broken and (told := await self.broken(node["seq"], node["attributes"]["type"])):
                node["contract"] = list(told)


def _nodes(events: Iterable[Json]) -> Iterator[Json]:
    """The events, and the replies below them where they are traces."""
    todo = list(events)
    while todo:
        node = todo.pop()
        yield node
        todo += [reply for trigger in node.get("triggers", ()) for reply in trigger.get("replies", ())]
