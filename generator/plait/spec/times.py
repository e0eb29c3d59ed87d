"""Spans of time: ISO 8601 for Knative (fields of `delivery`), Go's for the External Secrets operator."""

from __future__ import annotations

import re
from typing import Annotated

from plait.spec.form import Form, checker, wrong

DURATION = (
    r"^P(?=[0-9]|T[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?"
    r"(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$"
)
GO_DURATION = r"^(([0-9]+(ns|us|ms|s|m|h))+|0)$"

_check_duration = checker(DURATION, "an ISO 8601 duration", "as PT0.2S, PT30S or PT5M", 63)
_check_go_duration = checker(GO_DURATION, "a duration", "as 30s, 15m or 1h; 0 for never again", 63)


def _check_timeout(text: str) -> str:
    if not re.search("[1-9]", _check_duration(text)):
        raise wrong("a timeout of zero", "Knative refuses it; leave it out for no limit")
    return text


Duration = Annotated[str, Form(_check_duration, DURATION, 63)]
Timeout = Annotated[str, Form(_check_timeout, DURATION, 63)]
GoDuration = Annotated[str, Form(_check_go_duration, GO_DURATION, 63)]
