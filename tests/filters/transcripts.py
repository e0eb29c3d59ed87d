"""The filter cases recorded from a real Broker (tests/data/knative), as attributes and deliveries."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "knative"


def cases(pattern: str = "f-*.json") -> Iterator[dict[str, Any]]:
    """The recorded cases, by name."""
    for path in sorted(FOLDER.glob(pattern)):
        yield json.loads(path.read_text())


def attributes(request: dict[str, Any]) -> dict[str, str]:
    """The attributes of a recorded request, binary or structured, as texts."""
    headers = dict(request["headers"])
    content_type = headers.get("content-type")
    if content_type and content_type.startswith("application/cloudevents+json"):
        event = json.loads(base64.b64decode(request["body_b64"]))
        return {name: _text(value) for name, value in event.items() if name not in ("data", "data_base64")}
    binary = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    return binary | ({"datacontenttype": content_type} if content_type else {})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def delivered(case: dict[str, Any], index: int) -> set[str]:
    """The Triggers (named as their subscribers) that the request reached."""
    return {delivery["subscriber"] for delivery in case["deliveries"] if delivery["request"] == index}
