"""What there is to beat: an ASGI application that does as little as can be done, without checks and logs."""

from __future__ import annotations

from typing import Any


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers an event with an event."""
    if scope["type"] != "http":
        raise NotImplementedError
    headers = dict(scope["headers"])
    body = (await receive())["body"]
    reply = [
        (b"ce-specversion", b"1.0"),
        (b"ce-id", headers[b"ce-id"]),
        (b"ce-source", b"/bench"),
        (b"ce-type", b"reply"),
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": reply})
    await send({"type": "http.response.body", "body": body})
