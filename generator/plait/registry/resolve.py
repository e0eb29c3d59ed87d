"""The digest of a tag."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plait.errors import PlaitError
from plait.registry.credentials import DOCKER_HUB, Credentials, find
from plait.spec.image import Image

if TYPE_CHECKING:
    from requests import Response

_HUB_SERVER = "registry-1.docker.io"
_SECONDS = 20.0
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DENIED = (401, 403)
_MISSING = 404


def resolve(image: Image) -> Image:
    """The same image with the digest that its tag has now in its registry; unchanged where it has one.

    The digest is that of what the tag names, an index of several platforms as a whole too. A registry on
    this machine is asked by HTTP where it speaks no TLS, with its password too, as docker does; all others by
    HTTPS alone.

    Raises:
        PlaitError: no tag, no such tag, no access, no answer, or no client library.
    """
    if image.digest:
        return image
    if image.tag is None:
        raise PlaitError("it has no tag whose digest could be asked for", where=str(image))
    repository = image.repository if image.host else f"{DOCKER_HUB}/{image.repository}"
    host, _, path = repository.partition("/")
    server = _HUB_SERVER if host == DOCKER_HUB else host
    digest = _ask(image, server, path, find(repository, os.environ))
    if _DIGEST.fullmatch(digest or "") is None:
        raise PlaitError(f"{host} told no digest for it", where=str(image))
    return replace(image, digest=digest)


def _ask(image: Image, server: str, path: str, credentials: Credentials | None) -> str | None:
    """Ask with TLS, and on this machine without where that is not spoken."""
    requests, exceptions = _libraries()
    for insecure in _schemes(server):
        try:
            return _head(server, path, str(image.tag), credentials, insecure=insecure)
        except requests.HTTPError as error:
            raise _refused(image, server, error.response, credentials) from None
        except exceptions.DXFUnauthorizedError:
            raise _refused(image, server, None, credentials) from None
        except (requests.ConnectionError, requests.Timeout) as error:
            failure = _innermost(error)
            if isinstance(failure, ssl.SSLCertVerificationError):
                break
        except (requests.RequestException, exceptions.DXFError, ValueError, KeyError) as error:
            raise PlaitError(
                f"{server} answers what no registry answers: {error}", where=str(image)
            ) from None
    hint = (
        "is the host right, and does this machine reach it? A digest can be given: FUNCTION=IMAGE@sha256:..."
    )
    raise PlaitError(f"{server} cannot be asked: {failure}", where=str(image), hint=hint)


def _libraries() -> tuple[Any, Any]:
    try:
        import requests  # noqa: PLC0415 - only this command needs it
        from dxf import exceptions  # noqa: PLC0415
    except ImportError:
        hint = "pip install 'plait[registry]'"
        raise PlaitError("asking a registry needs python-dxf, which is not installed", hint=hint) from None
    return requests, exceptions


def _schemes(server: str) -> Iterator[bool]:
    """Whether to ask without TLS, in order."""
    yield False
    if _is_loopback(server):
        yield True


def _is_loopback(server: str) -> bool:
    host = re.sub(r":[0-9]+$", "", server).strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _head(server: str, path: str, tag: str, credentials: Credentials | None, *, insecure: bool) -> str | None:
    from dxf import DXF  # noqa: PLC0415

    def authenticate(registry: Any, response: Response) -> None:
        user, password = credentials or (None, None)
        registry.authenticate(user, password, actions=["pull"], response=response)

    with DXF(server, path, authenticate, insecure=insecure, timeout=_SECONDS) as registry:
        registry._insecure = False  # noqa: SLF001 - it would refuse to log in, on loopback too
        # requests would put what ~/.netrc has for this host in the place of these credentials, or of a token.
        session: Any = registry._sessions[0]  # noqa: SLF001
        session.auth = lambda request: request
        digest, _ = registry.head_manifest_and_response(tag)
    return str(digest) if digest else None


def _refused(
    image: Image, server: str, response: Response | None, credentials: Credentials | None
) -> PlaitError:
    status = response.status_code if response is not None else _DENIED[0]
    if status in _DENIED:
        who = f"to {credentials.user}" if credentials else "without credentials"
        hint = f"podman login {server}, or docker login {server}"
        return PlaitError(f"{server} does not give it {who} (HTTP {status})", where=str(image), hint=hint)
    if status == _MISSING:
        return PlaitError(f"{server} has no such tag", where=str(image), hint="has it been pushed?")
    return PlaitError(f"{server} answers HTTP {status}", where=str(image), hint="try again later")


def _innermost(error: BaseException) -> BaseException:
    """The reason itself, without the library's words around it."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error
