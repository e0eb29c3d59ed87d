"""Values of attributes as the SDK keeps them, and names of extensions as it takes them."""

from __future__ import annotations

from plait.local.gostd import clock, url
from plait.local.wire.event import NotAnEventError

OPTIONAL_URL = {"1.0": "dataschema", "0.3": "schemaurl"}
RESERVED = {
    "1.0": frozenset(
        ("id", "source", "type", "datacontenttype", "subject", "time", "specversion", "dataschema")
    ),
    "0.3": frozenset(
        ("id", "source", "type", "datacontenttype", "subject", "time", "schemaurl", "datacontentencoding")
    ),
}


def reference(text: str) -> str:
    """A URI reference as net/url prints it. Raises NotAnEventError."""
    try:
        return url.normal(text)
    except ValueError as error:
        raise NotAnEventError(f"not a URI reference: {error}") from None


def moment(text: str) -> str | None:
    """A time as Go prints it, None for the zero time. Raises NotAnEventError."""
    try:
        return clock.normal(text)
    except ValueError as error:
        raise NotAnEventError(f"time: {error}") from None


def extension_name(name: str, version: str) -> str:
    """The name in small letters. Raises NotAnEventError where it is reserved or not of letters and digits."""
    lower = name.lower()
    if not (name.isascii() and name.isalnum()):
        raise NotAnEventError("names of extensions are letters and digits")
    if lower in RESERVED[version]:
        raise NotAnEventError(f"{lower} cannot be an extension")
    return lower
