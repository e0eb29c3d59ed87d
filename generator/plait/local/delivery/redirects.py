"""Redirects as Go's HTTP client follows them: 301, 302 and 303 with GET, 307 and 308 with the same."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from plait.local.delivery.outgoing import Outgoing
from plait.local.http.client import Answer, Client, RequestFailedError, Target
from plait.local.http.message import RawHeaders

MOST = 10
_WITH_GET = frozenset((301, 302, 303))
_WITH_SAME = frozenset((307, 308))
_OF_THE_BODY = frozenset((b"content-type", b"content-encoding", b"content-language", b"content-location"))


async def send(client: Client, url: str, outgoing: Outgoing) -> Answer:
    """POST a request, follow where it leads, and give the last answer.

    Raises:
        RequestFailedError: no answer, or more than MOST redirects.
    """
    method, body, headers = "POST", outgoing.body, outgoing.traced()
    for _ in range(MOST):
        answer = await client.send(_target(client, url), method, headers, body)
        following = _location(answer)
        if following is None:
            return answer
        if answer.status in _WITH_GET and method != "GET":
            method, body = "GET", b""
        headers = _next_headers(outgoing, url, with_body=method == "POST")
        url = urljoin(url, following)
    raise RequestFailedError(f"stopped after {MOST} redirects")


def _target(client: Client, url: str) -> Target:
    try:
        return client.target(url)
    except ValueError as error:
        raise RequestFailedError(str(error)) from None


def _location(answer: Answer) -> str | None:
    if answer.status not in _WITH_GET | _WITH_SAME:
        return None
    return next(
        (value.decode("latin-1") for name, value in answer.headers if name.lower() == b"location"), None
    )


def _next_headers(outgoing: Outgoing, url: str, *, with_body: bool) -> RawHeaders:
    kept = [pair for pair in outgoing.traced() if with_body or pair[0].lower() not in _OF_THE_BODY]
    parts = urlsplit(url)
    referer = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
    return [*kept, (b"referer", referer.encode("latin-1", "replace"))]
