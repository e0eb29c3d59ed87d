"""Which requests a browser may send.

A page of another site can make its visitor's browser send requests to this machine: a foreign Origin is
refused. A name of another site that has come to mean 127.0.0.1 (DNS rebinding) is refused, too: the page and
its API answer only to a name of this machine, and so does the ingress where a browser asks. Programs are not
asked for it: they reach a broker by whatever name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from plait.local.http.message import Request

_CROSS_SITE = frozenset(("cross-site", "same-site"))


def is_foreign(request: Request) -> bool:
    """Whether a page of another site sent the request. A link that is followed to the page is none."""
    if _is_visit(request):
        return False
    if request.header(b"sec-fetch-site") in _CROSS_SITE:
        return True
    origin = request.header(b"origin")
    return origin is not None and origin != f"http://{request.header(b'host')}"


def _is_visit(request: Request) -> bool:
    """A person follows a link, or types the address: it shows a page, and sends nothing."""
    sent = {name: request.header(b"sec-fetch-" + name) for name in (b"mode", b"dest")}
    visit = sent == {b"mode": "navigate", b"dest": "document"} and request.method == "GET"
    return visit and request.header(b"origin") is None and "/api/" not in request.target


def is_of_browser(request: Request) -> bool:
    """Whether a browser sent it on behalf of a page."""
    return request.header(b"origin") is not None or request.header(b"sec-fetch-site") is not None


def is_known_host(request: Request, names: Collection[str]) -> bool:
    """Whether the request's Host is this machine: an address of its own, localhost, or one of `names`."""
    try:
        host = urlsplit(f"//{request.header(b'host') or ''}").hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost") or host in names:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
