"""One case against one server: what differs, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .model import Case, Content, Expected, Pattern, content
from .server import Server
from .wire import Client, Response, eventually, request

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_LEVELS = {2: "info", 4: "warning", 5: "error"}


def differences(case: Case, server: Server) -> list[str]:
    """Sends the case's request, and compares.

    Returns:
        A sentence for each difference; none where all is as it should be.
    """
    before = len(server.log())
    with Client(server.port) as client:
        found = [*_of_reply(case, _response(case, client)), *_of_connection(case, client)]
    if case.log is not None:
        try:
            eventually(lambda: len(server.log()) > before)
        except AssertionError:
            return [*found, "log: no line"]
        found += _of_log(case, server.log()[before])
    return found


def _response(case: Case, client: Client) -> Response | None:
    """What comes back; None where the connection ends without it."""
    given, slow = case.request.encoded(), case.request.slow
    client.send(given if slow is None else given[: slow.after])
    if slow is not None and slow.drip is not None:
        client.drip(given[slow.after :], slow.drip)
    try:
        return client.read(case.request.method)
    except ConnectionError:
        return None


def _of_reply(case: Case, response: Response | None) -> Iterator[str]:
    status = response.status if response is not None else None
    if status != case.reply.status:
        body = response.body[:300] if response is not None else None
        yield f"status: {status} in place of {case.reply.status}; body {body!r}"
    if response is None or case.reply.status is None:
        return
    for name, wanted in case.reply.headers.items():
        yield from _compared(f"header {name}", wanted, response.headers.get(name))
    yield from _of_event(case, response.event)
    wanted_body = case.request.body if case.reply.body == "same" else case.reply.body
    if wanted_body is not None:
        yield from _compared("body", wanted_body, response.body)


def _of_event(case: Case, found: dict[str, str]) -> Iterator[str]:
    wanted = _sent(case) if case.reply.event == "same" else case.reply.event
    if wanted is None:
        return
    for name in sorted({*wanted, *found}):
        yield from _compared(f"header {name}", wanted.get(name), found.get(name))


def _sent(case: Case) -> dict[str, Content]:
    """The headers of the request that are the event."""
    pairs = [(name.lower(), value) for name, value in case.request.headers]
    event = {name: value for name, value in pairs if name[:3] == "ce-" or name == "content-type"}
    return case.request.attributes() | event


def _compared(what: str, wanted: Expected | None, found: str | bytes | None) -> Iterator[str]:
    text = found.decode("utf-8", "surrogateescape") if isinstance(found, bytes) else found
    if isinstance(wanted, Pattern):
        if text is None or not re.search(wanted.pattern, text):
            yield f"{what}: {found!r:.300} is not like {wanted.pattern!r}"
        return
    raw = found.encode("latin-1") if isinstance(found, str) else found
    if raw != (None if wanted is None else content(wanted)):
        yield f"{what}: {found!r:.300} in place of {wanted!r:.300}"


def _of_connection(case: Case, client: Client) -> Iterator[str]:
    if case.reply.closes is True and not client.is_at_its_end():
        yield "the connection goes on"
    if case.reply.closes is False:
        try:
            client.exchange(request("GET", "/health/liveness"), "GET")
        except ConnectionError as error:
            yield f"the connection does not go on: {error!r}"


def _of_log(case: Case, line: dict[str, Any]) -> Iterator[str]:
    fields = {"message": case.log} if isinstance(case.log, str) else dict(case.log or {})
    status = case.reply.status
    assert status is not None, "a case without an answer has no log line"
    for name, value in {"status": status, "level": _LEVELS[status // 100], **fields}.items():
        found = line.get(name)
        if not (re.search(value.pattern, str(found)) if isinstance(value, Pattern) else found == value):
            yield f"log: {name} is {found!r:.200} in place of {value!r}"
    if not line.get("logger"):
        yield "log: no logger"
    if not _TIME.fullmatch(str(line.get("time"))):
        yield f"log: time is {line.get('time')!r}"
    if not isinstance(line.get("duration_ms"), int | float) or line["duration_ms"] < 0:
        yield f"log: duration_ms is {line.get('duration_ms')!r}"
