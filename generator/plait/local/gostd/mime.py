"""Media types as Go's `mime` package checks them (mime.ParseMediaType). Source: RFC 2045, section 5.1."""

from __future__ import annotations

import re

from plait.local.gostd.escape import raw

_USUAL = frozenset(("application/json", "text/plain", "application/xml", "application/octet-stream"))
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z{}-]+"
_TYPE = re.compile(rb"%s(/%s)?" % (_TOKEN, _TOKEN))
_SPACE = rb"[ \t\n\v\f\r]*"
_QUOTED = rb'"(?:\\[()<>@,;:\\"/\[\]?=]|[^"\r\n])*"'
_PARAMETER = re.compile(rb"%s;%s(%s)%s=%s(%s|%s)" % (_SPACE, _SPACE, _TOKEN, _SPACE, _SPACE, _TOKEN, _QUOTED))
_END = re.compile(rb"%s;?%s" % (_SPACE, _SPACE))


def is_media_type(text: str) -> bool:
    """Whether Go takes the text as a media type: a token, a slash and a token if any, parameters."""
    if text in _USUAL:
        return True
    data = raw(text)
    base, _, _ = data.partition(b";")
    if not _TYPE.fullmatch(base.strip()):
        return False
    position, seen = len(base), dict[bytes, bytes]()
    while match := _PARAMETER.match(data, position):
        name, value = match[1].lower(), match[2]
        if seen.setdefault(name, value) != value:
            return False
        position = match.end()
    return _END.fullmatch(data, position) is not None


def is_json(content_type: str) -> bool:
    """Whether the CloudEvents SDK keeps data of this type as JSON: no `+json` types, but no type at all.

    Source: sdk-go, event/content_type.go. The comparison is exact: `Application/JSON` is not JSON.
    """
    return content_type.partition(";")[0].strip() in _JSON


_JSON = frozenset(
    (
        "",
        "application/json",
        "text/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
    )
)
