"""The ingress: HTTP to events, with the checks in Knative's order (statements 1 to 5)."""

from __future__ import annotations

from plait.local.admission import RefusedError, checked
from plait.local.broker import Incoming, LocalBroker
from plait.local.gostd.escape import text_of
from plait.local.http.message import DropConnection, Request, Response
from plait.local.store import StoreFullError
from plait.local.wire import codec, passing
from plait.local.wire.event import EmptyNameError, Headers, NotAnEventError

ALLOW = (b"Allow", b"POST, OPTIONS")
OPTIONS = [ALLOW, (b"WebHook-Allowed-Origin", b"*"), (b"WebHook-Allowed-Rate", b"*")]
PARTS = 3


async def serve(broker: LocalBroker, request: Request) -> Response:
    """The answer to a request.

    Raises:
        DropConnection: on a header named `ce-`, which Knative does not survive either.
    """
    if request.method == "OPTIONS":
        return Response(200, OPTIONS)
    try:
        stored = await broker.accept(_key(request), _incoming(request))
    except RefusedError as error:
        return _refusal(error.status, str(error))
    except StoreFullError as error:
        return _refusal(503, f"the event is not kept: {error}", (b"Retry-After", b"1"))
    return Response(202, [ALLOW, (b"Plait-Seq", b"%d" % stored.seq)])


def _refusal(status: int, reason: str, *more: tuple[bytes, bytes]) -> Response:
    return Response(
        status, [ALLOW, (b"Content-Type", b"text/plain; charset=utf-8"), *more], f"{reason}\n".encode()
    )


def _key(request: Request) -> str:
    """`NAMESPACE/NAME` of the Broker that is asked for; a query is a part of the name, as in Knative."""
    if request.method != "POST":
        raise RefusedError(405, "events are sent with POST")
    target = request.target
    if target == "/":
        raise RefusedError(404, "events are sent to /NAMESPACE/BROKER")
    parts = target.removesuffix("/").split("/")
    if len(parts) != PARTS:
        raise RefusedError(400, "events are sent to /NAMESPACE/BROKER")
    return "/".join(parts[1:])


def _incoming(request: Request) -> Incoming:
    headers = headers_of(request)
    try:
        event = codec.decode(headers, request.body)
    except EmptyNameError:
        raise DropConnection from None
    except NotAnEventError as error:
        raise RefusedError(400, str(error)) from None
    return Incoming(checked(event), passing.passed(headers), passing.trace(headers))


def headers_of(request: Request) -> Headers:
    """The headers of a request, by name."""
    headers: Headers = {}
    for name, value in request.headers:
        headers.setdefault(name.decode("latin-1").lower(), []).append(text_of(value))
    return headers
