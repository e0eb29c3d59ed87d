"""The API under /_plait/api/ for plait's commands and the page. docs/local-broker.md describes it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from plait.local import history
from plait.local.admission import RefusedError
from plait.local.broker import Incoming, LocalBroker
from plait.local.history import Query
from plait.local.http.message import Request, Response
from plait.local.marks import Marks
from plait.local.plain import Json
from plait.local.routes import Broker, Trigger
from plait.local.store import StoreFullError, read
from plait.local.wire.event import ARRIVAL, TTL

PREFIX = "/_plait/api/"
HEARTBEAT_SECONDS = 10.0
MOST_SECONDS = 3600.0
_JSON = (b"Content-Type", b"application/json; charset=utf-8")
_LINES = (b"Content-Type", b"application/x-ndjson; charset=utf-8")
_NO_STORE = (b"Cache-Control", b"no-store")
_NO_SNIFF = (b"X-Content-Type-Options", b"nosniff")

Parameters = Mapping[str, str]


class _ApiError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Api:
    """Answers requests about one broker.

    Attributes:
        marks: notes which events break their contracts.
    """

    def __init__(self, broker: LocalBroker, ingress: Callable[[str], str]) -> None:
        self.broker = broker
        self.ingress = ingress
        self.marks = Marks()

    async def serve(self, request: Request) -> Response:
        """The answer to a request whose Host and Origin are checked."""
        parts = urlsplit(request.target)
        name, _, reference = parts.path.removeprefix(PREFIX).partition("/")
        parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
        try:
            return await self._dispatch(request.method, name, unquote(reference), parameters)
        except _ApiError as error:
            return answer({"error": str(error)}, error.status)

    async def _dispatch(self, method: str, name: str, reference: str, parameters: Parameters) -> Response:
        if (name == "replay") is not (method == "POST") or method not in ("GET", "POST"):
            raise _ApiError(405 if name else 404, f"{method} is not for {name}")
        if name == "flow" and not reference:
            return answer(await self._flow())
        if name == "idle" and not reference:
            return answer(await self._idle(parameters))
        if name == "events" and not reference:
            return await self._events(parameters)
        if not reference or name not in ("events", "trace", "replay"):
            raise _ApiError(404, "there are flow, events, events/ID, trace/ID, replay/ID and idle")
        seqs = await self._find(reference)
        if name == "replay":
            return answer(await self._replay(seqs[0], parameters), 202)
        return answer({**await self._one(name, seqs[0]), "sameId": seqs})

    async def _find(self, reference: str) -> list[int]:
        seqs = await self.broker.store.query(partial(history.find, reference=reference))
        if not seqs:
            raise _ApiError(404, f"no event {reference}: neither a number nor the id of one that is kept")
        return seqs

    async def _one(self, name: str, seq: int) -> Json:
        work = history.trace if name == "trace" else history.detail
        try:
            found = await self.broker.store.query(partial(work, seq=seq))
        except LookupError:
            raise _ApiError(404, f"event {seq} is no longer kept") from None
        await self.marks.note([found])
        return found

    async def _flow(self) -> Json:
        found = await self.broker.store.query(history.counts)
        return {"brokers": [self._broker(broker, found) for broker in self.broker.routes.brokers]}

    def _broker(self, broker: Broker, counts: Mapping[str, Mapping[str, int]]) -> Json:
        return {
            "namespace": broker.namespace,
            "name": broker.name,
            "url": self.ingress(broker.key),
            "declared": broker.declared,
            "events": counts.get(f"event:{broker.key}", {"events": 0})["events"],
            "triggers": [_trigger(item, counts.get(item.key, {})) for item in broker.triggers],
        }

    async def _idle(self, parameters: Parameters) -> Json:
        """Wait until nothing is open, or `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_number(parameters, "timeout", MOST_SECONDS)):
                await self.broker.idle()
        return {"idle": not self.broker.open, "open": self.broker.open}

    async def _events(self, parameters: Parameters) -> Response:
        query = Query(
            parameters.get("type"),
            parameters.get("source"),
            parameters.get("id"),
            int(_number(parameters, "since", 0)),
            int(_number(parameters, "limit", 100)),
            _is_set(parameters, "dead-lettered"),
        )
        if _is_set(parameters, "follow"):
            return Response(200, [_LINES, _NO_STORE, _NO_SNIFF], stream=self._follow(query))
        return answer({"events": await self._list(query)})

    async def _list(self, query: Query) -> list[Json]:
        found = await self.broker.store.query(partial(history.events, query=query))
        await self.marks.note(found)
        return found

    async def _follow(self, query: Query) -> AsyncIterator[bytes]:
        """The events there are, then each that comes, and again when a delivery of it ends; a line each."""
        news = self.broker.feed.follow()
        async with contextlib.aclosing(news):  # type: ignore[type-var]
            first = asyncio.ensure_future(anext(news, None))
            await asyncio.sleep(0)  # the follower is there before the list is read
            for item in await self._list(query):
                yield _line(item)
            pending: asyncio.Future[int | None] = first
            while True:
                done, _ = await asyncio.wait([pending], timeout=HEARTBEAT_SECONDS)
                if not done:
                    yield b"\n"
                    continue
                seq = pending.result()
                if seq is None:
                    return
                wanted = Query(query.type, query.source, query.id, 0, 1, query.lost, [seq])
                for item in await self._list(wanted):
                    yield _line(item)
                pending = asyncio.ensure_future(anext(news, None))

    async def _replay(self, seq: int, parameters: Parameters) -> Json:
        """The same event again: for all Triggers, for one, or for those that it was dead-lettered for."""
        stored = await self.broker.store.query(partial(read.event, seq=seq))
        if stored is None:
            raise _ApiError(404, f"event {seq} is no longer kept")
        only = [self._reachable(parameters["trigger"])] if "trigger" in parameters else None
        if _is_set(parameters, "dead-lettered"):
            only = await self.broker.store.query(partial(history.lost_triggers, seq=seq))
        if only is not None and not set(only) & set(self.broker.routes.triggers):
            raise _ApiError(409, f"event {seq}: nothing was dead-lettered, or its Trigger is gone")
        event = stored.event.without(TTL).without(ARRIVAL)
        incoming = Incoming(event, stored.passed, stored.context, replay_of=seq, only=only)
        try:
            again = await self.broker.accept(stored.broker, incoming)
        except RefusedError as error:
            raise _ApiError(error.status, str(error)) from None
        except StoreFullError as error:
            raise _ApiError(503, str(error)) from None
        return {"seq": again.seq, "replayOf": seq}

    def _reachable(self, key: str) -> str:
        """The Trigger, where it is one that gets events."""
        if key in self.broker.routes.triggers:
            return key
        every = (item for broker in self.broker.routes.brokers for item in broker.triggers)
        reason = next((item.nowhere for item in every if item.key == key), "there is no such Trigger")
        raise _ApiError(409, f"Trigger {key}: {reason}")


def _trigger(trigger: Trigger, counts: Mapping[str, int]) -> Json:
    policy = trigger.policy
    return {
        "namespace": trigger.namespace,
        "name": trigger.name,
        "subscriber": trigger.shown_subscriber or None,
        "deadLetterSink": trigger.shown_dead_letter,
        "retry": policy.retry,
        "backoffPolicy": policy.backoff,
        "backoffDelaySeconds": policy.delay,
        "timeoutSeconds": policy.timeout,
        **trigger.shown,
        **({"nowhere": trigger.nowhere} if trigger.nowhere else {}),
        "counts": counts,
    }


def answer(data: Json, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status, [_JSON, _NO_STORE, _NO_SNIFF], json.dumps(data).encode())


def _line(item: Json) -> bytes:
    return json.dumps(item).encode() + b"\n"


def _is_set(parameters: Parameters, name: str) -> bool:
    return parameters.get(name, "0") not in ("0", "false", "no")


def _number(parameters: Parameters, name: str, default: float) -> float:
    text: Any = parameters.get(name, default)
    try:
        number = float(text)
    except ValueError:
        raise _ApiError(400, f"{name} is not a number: {text}") from None
    if not 0 <= number < 2**53:
        raise _ApiError(400, f"{name} is out of range: {text}")
    return number
