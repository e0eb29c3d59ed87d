"""What an event is here, and when Knative takes it (Event.Validate of the Go SDK)."""

from __future__ import annotations

from dataclasses import dataclass

from plait.local.gostd import mime, url

VERSIONS = ("1.0", "0.3")
ARRIVAL = "knativearrivaltime"
TTL = "knativebrokerttl"

Headers = dict[str, list[str]]
"""Header name in small letters -> its values, in order. Bytes that are not UTF-8 are lone surrogates."""


class NotAnEventError(Exception):
    """A message that is no CloudEvent, or a malformed one; the text says why."""


class EmptyNameError(NotAnEventError):
    """A header named `ce-`: Knative's ingress breaks on it and closes the connection."""


@dataclass(slots=True)
class Event:
    """One CloudEvent.

    Attributes:
        attributes: context attributes and extensions by name, `specversion` among them, each as the text
            that a header carries. `datacontenttype` is the header Content-Type.
        data: the bytes of the data, b"" for none.
    """

    attributes: dict[str, str]
    data: bytes

    @property
    def id(self) -> str:
        """The id; "" where there is none yet."""
        return self.attributes.get("id", "")

    @property
    def type(self) -> str:
        """The type; "" where there is none yet."""
        return self.attributes.get("type", "")

    @property
    def source(self) -> str:
        """The source; "" where there is none yet."""
        return self.attributes.get("source", "")

    def with_(self, **attributes: str) -> Event:
        """A copy with these attributes set."""
        return Event({**self.attributes, **attributes}, self.data)

    def without(self, name: str) -> Event:
        """A copy without one attribute."""
        return Event({key: text for key, text in self.attributes.items() if key != name}, self.data)


def validate(event: Event) -> None:
    """Raises NotAnEventError where the Go SDK's Validate finds something missing or malformed."""
    attributes = event.attributes
    for name in ("id", "source", "type"):
        if not attributes.get(name, "").strip():
            raise NotAnEventError(f"{name} is missing or empty")
    for name in ("subject", "datacontenttype"):
        if name in attributes and not attributes[name].strip():
            raise NotAnEventError(f"{name} is empty")
    kind = attributes.get("datacontenttype")
    if kind is not None and not mime.is_media_type(kind.strip()):
        raise NotAnEventError("datacontenttype is not a media type")
    schema = attributes.get("dataschema") if attributes["specversion"] == "1.0" else None
    if schema is not None and not url.scheme(schema):
        raise NotAnEventError("dataschema is not an absolute URI")
