"""Which requests a browser may send.

A page of another site can make its visitor's browser send requests to this machine. Events need a header
or a content type that such a page can only send after a preflight, which the ingress does not grant; a
foreign Origin is refused besides. The page and its API answer only to a name of this machine: a name of
another site that has come to mean 127.0.0.1 (DNS rebinding) is refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from plait.local.http.message import Request

_CROSS_SITE = frozenset(("cross-site", "same-site"))


def is_foreign(request: Request) -> bool:
    """Whether a page of another site sent the request."""
    if request.header(b"sec-fetch-site") in _CROSS_SITE:
        return True
    origin = request.header(b"origin")
    return origin is not None and origin != f"http://{request.header(b'host')}"


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
