"""One attempt: to the subscriber, or to the dead letter sink."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from plait.local.delivery import outgoing, redirects
from plait.local.delivery.result import Result
from plait.local.gostd import userinfo
from plait.local.gostd.escape import text_of
from plait.local.http.client import Answer, Client, RequestFailedError
from plait.local.routes import Trigger
from plait.local.store import Delivery, Failure, Stage
from plait.local.wire import codec, passing
from plait.local.wire.binary import UnsendableError
from plait.local.wire.event import TTL, Event, Headers, NotAnEventError

BAD_GATEWAY = 502
NOT_MODIFIED = 304
SERVER_ERROR = 500
GONE = 410
_SHOWN = 200  # characters of an answer's body, for people
_LOOKED_AT = 64 * 1024  # bytes of it: a secret is masked whole, before the rest is cut off

Mask = Callable[[str], str]
"""A text without what must not be seen."""


class Courier:
    """Carries events with one HTTP client. What its Results tell people is masked."""

    def __init__(self, client: Client, mask: Mask) -> None:
        self.client, self._mask = client, mask

    async def attempt(self, delivery: Delivery, trigger: Trigger) -> Result:
        """Try the stage that the delivery is in; `delivery.stored` is there."""
        result = await self._attempt(delivery, trigger)
        result.error = self._mask(result.error)
        return result

    async def _attempt(self, delivery: Delivery, trigger: Trigger) -> Result:
        if delivery.stage is Stage.DEAD_LETTER:
            return await self._within(trigger, self._to_sink(delivery, trigger))
        if delivery.broken:
            return Result(SERVER_ERROR, ok=False, error="Knative's filter breaks on this event")
        return await self._within(trigger, self._to_subscriber(delivery, trigger))

    async def _within(self, trigger: Trigger, attempt: Awaitable[Result]) -> Result:
        """The attempt, within the Trigger's timeout (statement 29)."""
        try:
            async with asyncio.timeout(trigger.policy.timeout):
                return await attempt
        except TimeoutError:
            return Result(None, ok=False, error=f"no answer within {trigger.policy.timeout:g} s")

    async def _to_subscriber(self, delivery: Delivery, trigger: Trigger) -> Result:
        assert delivery.stored is not None
        try:
            request = outgoing.to_subscriber(delivery.stored, trigger)
        except UnsendableError as error:
            return Result(SERVER_ERROR, ok=False, error=str(error))
        try:
            answer = await redirects.send(self.client, trigger.subscriber, request)
        except RequestFailedError as error:
            told = f'Post "{userinfo.masked(trigger.subscriber)}": {error}'
            failure = Failure(trigger.subscriber, SERVER_ERROR, f"dispatch error: {told}".encode())
            return Result(SERVER_ERROR, ok=False, error=str(error), failure=failure)
        result = _judged(answer, trigger, delivery.stored.event.attributes[TTL], self._mask)
        result.seen = answer.status
        return result

    async def _to_sink(self, delivery: Delivery, trigger: Trigger) -> Result:
        assert delivery.stored is not None
        if trigger.dead_letter is None:  # the routes have changed since
            return Result(GONE, ok=False, error="the Trigger has no dead letter sink any more")
        request = outgoing.to_sink(delivery.stored, trigger, delivery.failure or Failure())
        try:
            answer = await redirects.send(self.client, trigger.dead_letter, request)
        except RequestFailedError as error:
            return Result(None, ok=False, error=str(error))
        if _is_success(answer.status):
            return Result(answer.status, ok=True, seen=answer.status)
        retry_after = headers_of(answer).get("retry-after", [None])[0]
        told = _told(answer, self._mask)
        return Result(answer.status, ok=False, error=told, seen=answer.status, retry_after=retry_after)


def _judged(answer: Answer, trigger: Trigger, ttl: str, mask: Mask) -> Result:
    """An answer of a subscriber (statements 22 to 25)."""
    headers = headers_of(answer)
    retry_after = headers.get("retry-after", [None])[0]
    if not _is_success(answer.status):
        has_body = answer.status != NOT_MODIFIED
        failure = Failure(trigger.subscriber, answer.status, answer.body) if has_body else Failure()
        told = _told(answer, mask)
        return Result(answer.status, ok=False, error=told, failure=failure, retry_after=retry_after)
    if codec.mode(headers) is None:
        if answer.body:
            return _not_an_event("the answer has a body that is no CloudEvent")
        return Result(answer.status, ok=True)
    try:
        reply = codec.decode(headers, answer.body).with_(**{TTL: ttl})
    except NotAnEventError as error:
        return _not_an_event(f"the answer is a malformed CloudEvent: {error}")
    try:
        forwarded = codec.replied(reply, answer.status)
    except NotAnEventError:
        forwarded = _REFUSED
    except UnsendableError as error:
        return Result(SERVER_ERROR, ok=False, error=f"the reply cannot be forwarded: {error}")
    return Result(answer.status, ok=True, reply=forwarded, passed=passing.passed(headers))


_REFUSED = Event({"specversion": "1.0"}, b"")
"""Stands for a reply that the ingress cannot read: it has no id, and is refused likewise."""


def _not_an_event(error: str) -> Result:
    return Result(BAD_GATEWAY, ok=False, error=error)


def headers_of(answer: Answer) -> Headers:
    """The headers of an answer, by name."""
    headers: Headers = {}
    for name, value in answer.headers:
        headers.setdefault(name.decode("latin-1").lower(), []).append(text_of(value))
    return headers


def _told(answer: Answer, mask: Mask) -> str:
    """The beginning of an answer's body, for people."""
    text = mask(answer.body[:_LOOKED_AT].decode("utf-8", "replace"))
    return text[:_SHOWN].strip() or f"status {answer.status}"


def _is_success(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004
