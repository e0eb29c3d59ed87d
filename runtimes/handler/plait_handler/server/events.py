"""`POST /`: an event goes to the function, its reply goes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from plait_handler.codec import CodecError, Event
from plait_handler.codec.http import read
from plait_handler.codec.message import Headers
from plait_handler.context import Context
from plait_handler.errors import Reject, RetryLater
from plait_handler.function.interface import Function
from plait_handler.reply import Replies, ReplyError
from plait_handler.server import answers
from plait_handler.server.answers import Answer, Outcome, Receive, Send
from plait_handler.server.bodies import Bodies, Refused, linger
from plait_handler.server.calls import Call, Calls
from plait_handler.server.journal import Journal
from plait_handler.server.metrics import Metrics
from plait_handler.tracing import NO_TRACE, Trace, trace_of

Deliver = Callable[[Answer], Awaitable[None]]
_GONE = Answer(Outcome.CLIENT_GONE, 499, [])
_NO_REPLY = Answer(Outcome.NO_REPLY, 204, [])


class Exchange:
    """One request: what is known of it so far, for the log.

    Attributes:
        started: on the clock of time.perf_counter().
        deliver: takes the answer.
        event: or None, before it is read.
        trace: that the request belongs to.
        late: the answering of a function that did not end in time.
    """

    __slots__ = ("deliver", "event", "late", "started", "trace")

    def __init__(self, started: float, deliver: Deliver) -> None:
        self.started = started
        self.deliver = deliver
        self.event: Event | None = None
        self.trace: Trace = NO_TRACE
        self.late: asyncio.Task[None] | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """Serves events; the attributes are what one worker has one of."""

    function: Function
    replies: Replies
    bodies: Bodies
    calls: Calls
    metrics: Metrics
    journal: Journal

    async def serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answers one request of ASGI."""
        started = time.perf_counter()
        headers = scope["headers"]
        deliver = partial(answers.send, send)
        try:
            body = await self.bodies.read(headers, receive)
        except Refused as refused:
            if answers.CLOSE in refused.answer.headers:
                scope.get("plait.last", lambda: None)()
            await self._answer(Exchange(started, deliver), refused.answer)
            await linger(receive)
            return
        await self.exchange(headers, body, deliver)

    async def exchange(self, headers: Headers, body: bytes, deliver: Deliver) -> None:
        """Answers a request that is there whole.

        Args:
            headers: of the request, names in small letters.
            body: not larger than it may be.
            deliver: is given the answer.
        """
        exchange = Exchange(time.perf_counter(), deliver)
        answer = await self._handle(exchange, headers, body)
        if answer is not None:
            await self._answer(exchange, answer)

    async def _answer(self, exchange: Exchange, answer: Answer) -> None:
        await exchange.deliver(answer)
        seconds = time.perf_counter() - exchange.started
        self.metrics.add(answer.outcome, seconds)
        self.journal.request(answer, exchange.event, exchange.trace.trace_id, seconds)

    async def _handle(self, exchange: Exchange, headers: Headers, body: bytes) -> Answer | None:
        """The answer; None where it was given already, because the function did not end in time."""
        if self.calls.full:
            return answers.full(self.calls.limit)
        exchange.trace = trace_of(headers)
        try:
            exchange.event = event = read(headers, body)
        except CodecError as error:
            outcome = Outcome.UNSUPPORTED if error.status == 415 else Outcome.MALFORMED  # noqa: PLR2004
            return answers.text(outcome, error.status, str(error))
        task = asyncio.current_task()
        assert task is not None
        call = self.calls.begin(task, partial(self._give_up, exchange))
        context = Context(event.get_id(), call.deadline, exchange.trace, headers)
        answer = await self._call(event, context, call)
        return None if call.abandoned else answer

    async def _call(self, event: Event, context: Context, call: Call) -> Answer:
        try:
            value = await self.function.invoke(event, context)
            answer = self._reply(value, context.trace)
        except asyncio.CancelledError:
            if not call.expired:
                self.metrics.add(Outcome.CLIENT_GONE, 0.0)
                self.journal.request(_GONE, event, context.trace.trace_id, 0.0)
                raise
            answer = answers.timed_out(self.calls.seconds)
        except BaseException as error:  # noqa: BLE001 - SystemExit too is the function's failure, not ours
            answer = self._failure(error)
        finally:
            self.calls.end(call)
        if call.expired:
            call.task.uncancel()
            return answers.timed_out(self.calls.seconds)
        return answer

    def _reply(self, value: Any, trace: Trace) -> Answer:
        message = self.replies.message(value)
        if message is None:
            return _NO_REPLY if trace is NO_TRACE else Answer(Outcome.NO_REPLY, 204, trace.headers())
        headers, body = message
        if trace is not NO_TRACE:
            headers += trace.headers()
        return Answer(Outcome.REPLY, 200, headers, body)

    def _failure(self, error: BaseException) -> Answer:
        if isinstance(error, Reject):
            return answers.text(Outcome.REJECTED, 400, str(error) or "the function rejected the event")
        if isinstance(error, RetryLater):
            return answers.retry_later(error.seconds, str(error))
        if isinstance(error, ReplyError):
            return answers.failed(str(error))
        return answers.failed(error=error)

    def _give_up(self, exchange: Exchange) -> None:
        """Answers for a function that goes on after it was cancelled, and so keeps its connection."""
        answer = answers.timed_out(self.calls.seconds, answers.CLOSE)
        exchange.late = asyncio.get_running_loop().create_task(self._answer(exchange, answer))
