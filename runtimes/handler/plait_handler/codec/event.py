"""The events that a function is given: the `cloudevents` SDK's, with data that waits until asked for."""

from __future__ import annotations

from typing import Any, Self

from cloudevents.core.v03.event import CloudEvent as SDKEventV03
from cloudevents.core.v1.event import CloudEvent as SDKEventV1

from plait_handler.codec.jsontext import loads
from plait_handler.codec.media_type import encoding, is_json, is_text
from plait_handler.errors import Reject


class DataError(Reject, ValueError):
    """Data that is not what the event's `datacontenttype` says. A function that lets it pass answers 400."""


class _Unread:
    """Stands, as a class that copies and pickles keep, for data that nobody has asked for yet."""


class Received:
    """What an event that came in has on top of the SDK's: its data bytes, and that it reads them only once.

    Attributes:
        implied_json: a structured event without datacontenttype, whose data is JSON all the same (JSON format
            1.0.2, section 3.1.2).
    """

    _attributes: dict[str, Any]
    _data: Any = None
    _raw: bytes | None = None
    implied_json = False

    @classmethod
    def received(cls, attributes: dict[str, Any], raw: bytes | None, *, implied_json: bool = False) -> Self:
        """An event of attributes that the codec has checked, so that the SDK's slower checks are left out.

        Args:
            attributes: `time`, where there is one, is a datetime.
            raw: the data, or None where the event has none.
            implied_json: see the class.
        """
        event = cls.__new__(cls)
        event._attributes = attributes  # noqa: SLF001
        event._raw = raw  # noqa: SLF001
        event._data = _Unread  # noqa: SLF001
        if implied_json:
            event.implied_json = True
        return event

    @property
    def raw_data(self) -> bytes | None:
        """The data as it came, byte for byte; None where the event has none, or was made by a function."""
        return self._raw

    def get_data(self) -> Any:
        """The data: the value of JSON, the text of text/*, else bytes; None where there is none.

        Text in another charset than it says, or in one that Python does not know, is given as bytes.

        Raises:
            DataError: the datacontenttype says JSON, and the data is none.
        """
        if self._data is _Unread:
            self._data = self._read()
        return self._data

    def _read(self) -> Any:
        raw, media_type = self._raw, self._attributes.get("datacontenttype")
        if raw is None:
            return None
        if self.implied_json or (media_type is not None and is_json(media_type)):
            return _read_json(raw)
        if media_type is not None and is_text(media_type):
            return _read_text(raw, media_type)
        return raw

    def data_bytes(self) -> bytes | None:
        """The data bytes to pass on, where they still stand for what `get_data()` gave; else None.

        A function may change in place what `get_data()` gave it, and return the event.
        """
        raw = self._raw
        if raw is None or self._data is _Unread or not isinstance(self._data, dict | list):
            return raw
        return raw if _read_json(raw) == self._data else None


def _read_json(raw: bytes) -> Any:
    try:
        return loads(raw)
    except ValueError as error:
        raise DataError(f"the event's data is not JSON: {error}") from error


def _read_text(raw: bytes, media_type: str) -> str | bytes:
    try:
        return raw.decode(encoding(media_type))
    except (LookupError, UnicodeError):
        return raw


class EventV1(Received, SDKEventV1):
    """A CloudEvent 1.0 that came in."""


class EventV03(Received, SDKEventV03):
    """A CloudEvent 0.3 that came in."""


Event = EventV1 | EventV03
