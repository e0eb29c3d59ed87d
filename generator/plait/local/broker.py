"""The broker: takes events, finds their Triggers, keeps them, and has them delivered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from plait.local.admission import RefusedError, admitted, checked
from plait.local.delivery.courier import Courier
from plait.local.delivery.failed import Failed
from plait.local.delivery.lane import Lane, Surroundings
from plait.local.delivery.result import Result
from plait.local.feed import Feed
from plait.local.http.client import Client
from plait.local.routes import Routes, Trigger
from plait.local.routes.policy import is_retried
from plait.local.store import Attempt, Delivery, Failure, State, Store, StoredEvent, StoreFullError
from plait.local.wire.event import TTL, Event
from plait.local.wire.passing import Passed

UNAVAILABLE = 503
GRACE_SECONDS = 1.0


@dataclass(slots=True)
class Incoming:
    """An event on its way in.

    Attributes:
        event: as it was read.
        passed, context: the headers and the trace that go along.
        parent: the delivery that it answers, and the attempts of it that are not noted yet.
        replay_of: the seq of the event that it repeats.
        only: the keys of the Triggers that may get it, None for all.
    """

    event: Event
    passed: Passed = field(default_factory=list)
    context: Passed = field(default_factory=list)
    parent: tuple[Delivery, Sequence[Attempt]] | None = None
    replay_of: int | None = None
    only: Collection[str] | None = None


class LocalBroker:
    """All Brokers of one process.

    Args:
        store: keeps events and deliveries; the caller closes it.
        ingress: gives the URL of a Broker by `NAMESPACE/NAME`, for dead letters.

    Attributes:
        on_event: called with each event once it is in the store; it must be quick.
        on_failed: called with each attempt after which a delivery waits, or is lost; likewise.
        mask: takes what must not be seen out of texts about attempts, before they are kept.
    """

    def __init__(self, store: Store, ingress: Callable[[str], str]) -> None:
        self.store = store
        self.routes = Routes([])
        self.feed = Feed()
        self.counts = dict(store.open_counts)
        self.on_event: Callable[[StoredEvent], None] | None = None
        self.on_failed: Callable[[Failed], None] | None = None
        self.mask: Callable[[str], str] = str
        self._ingress = ingress
        self._client = Client()
        self._around = Surroundings(
            store, Courier(self._client, self._masked), self._post_reply, self._closed, self._failed
        )
        self._lanes: dict[str, Lane] = {}
        self._quiet = asyncio.Event()
        self._retiring: set[asyncio.Task[None]] = set()

    def configure(self, routes: Routes, held: Collection[str] = ()) -> None:
        """Use these routes from now on. What is for a Trigger in `held` waits until it is not in it any more.

        What is open of a Trigger that stays goes on, with its new settings from the next attempt on; what is
        open of one that is gone stays in the store until it is back.
        """
        old, self._lanes = self._lanes, {}
        self.routes = routes
        for key, trigger in routes.triggers.items():
            if key in held:
                continue
            lane = old.get(key)
            if lane is not None:
                self._lanes[key] = old.pop(key)
                lane.trigger = trigger
            else:
                self._lanes[key] = Lane(trigger, self._around, backlog=self.counts.get(key, 0) > 0)
        for lane in old.values():
            task = asyncio.get_running_loop().create_task(lane.stop(GRACE_SECONDS))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
        self._note_quiet()

    def pause(self) -> None:
        """Start no more deliveries, for good: subscribers are about to end. Events are still taken."""
        for lane in self._lanes.values():
            lane.pause()

    async def stop(self) -> None:
        """Start no more deliveries; those under way have a second. What is open stays in the store."""
        await asyncio.gather(*(lane.stop(GRACE_SECONDS) for lane in self._lanes.values()), *self._retiring)
        self._client.close()
        self.feed.close()

    @property
    def open(self) -> int:
        """Deliveries that are not at their end, those of Triggers that are gone not counted."""
        return sum(self.counts.get(key, 0) for key in self.routes.triggers)

    async def idle(self) -> None:
        """Wait until nothing is open."""
        await self._quiet.wait()

    async def accept(self, key: str, incoming: Incoming) -> StoredEvent:
        """Take a valid event for the Broker `key`; it is in the store when this returns.

        Raises:
            RefusedError: 404 no such Broker, 400 TTL spent, 500 cannot be passed on.
            StoreFullError: the store does not take it.
        """
        broker = self.routes.by_key.get(key)
        if broker is None:
            raise RefusedError(404, f"no Broker {key}")
        stored = self._stored(key, admitted(incoming.event), incoming)
        chosen = [item for item in broker.triggers if incoming.only is None or item.key in incoming.only]
        deliveries = self._match(stored, chosen)
        for delivery in deliveries:
            self.counts[delivery.trigger] = self.counts.get(delivery.trigger, 0) + 1
        self._note_quiet()
        try:
            await self.store.accept(stored, deliveries, *(incoming.parent or ()))
        except BaseException:
            self._uncount(deliveries)
            raise
        for delivery in deliveries:
            self._push(delivery)
        self.feed.publish(stored.seq)
        if self.on_event:
            self.on_event(stored)
        return stored

    def _stored(self, key: str, event: Event, incoming: Incoming) -> StoredEvent:
        return StoredEvent(
            self.store.number(),
            key,
            event,
            incoming.passed,
            incoming.context,
            int(time.time() * 1000),
            incoming.parent[0].id if incoming.parent else None,
            incoming.replay_of,
        )

    def _match(self, stored: StoredEvent, triggers: Sequence[Trigger]) -> list[Delivery]:
        """A delivery for each Trigger that matches; why the others do not is noted in the event."""
        attributes = stored.event.without(TTL).attributes
        found = []
        for trigger in triggers:
            verdict = trigger.filter.verdict(attributes)
            if (verdict.matches or verdict.broken) and not trigger.nowhere:
                number = self.store.delivery_number()
                found.append(Delivery(number, stored.seq, trigger.key, stored, broken=verdict.broken))
            else:
                reason = verdict.reason or trigger.nowhere
                stored.refused.append((trigger.key, verdict.attribute, reason, verdict.path))
        return found

    def _push(self, delivery: Delivery) -> None:
        lane = self._lanes.get(delivery.trigger)
        if lane is not None:  # else its Trigger is held, or went while the event was written
            lane.push(delivery)

    async def _post_reply(
        self, delivery: Delivery, trigger: Trigger, result: Result, attempts: list[Attempt]
    ) -> Result:
        """Route a reply. Where the store does not take it, that is tried again by the policy (26)."""
        stored = delivery.stored
        assert stored is not None
        assert result.reply is not None
        incoming = Incoming(result.reply, result.passed, stored.context, (delivery, attempts))
        status, reason, tries = 0, "", 0
        while tries <= trigger.policy.retry:
            try:
                checked(incoming.event)
                await self.accept(stored.broker, incoming)
            except RefusedError as error:
                status, reason = error.status, str(error)
            except StoreFullError as error:
                status, reason = UNAVAILABLE, str(error)
            else:
                return result
            tries += 1
            if not is_retried(status):
                break
            await asyncio.sleep(trigger.policy.wait(tries - 1, status, None))
        failure = Failure(self._ingress(stored.broker), status, b"", result.passed)
        return Result(status, ok=False, error=self.mask(f"the reply was refused: {reason}"), failure=failure)

    def _masked(self, text: str) -> str:
        return self.mask(text)

    def _closed(self, delivery: Delivery, _: State) -> None:
        self._uncount([delivery])
        self.feed.publish(delivery.seq)

    def _failed(self, failed: Failed) -> None:
        if self.on_failed:
            self.on_failed(failed)

    def _uncount(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            self.counts[delivery.trigger] -= 1
        self._note_quiet()

    def _note_quiet(self) -> None:
        if self.open:
            self._quiet.clear()
        else:
            self._quiet.set()
