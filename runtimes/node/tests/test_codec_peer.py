"""The codec held against the Python runtime's: the same messages, the same verdicts, the same events."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from plait_handler.codec import CodecError, HTTPMessage, from_http, to_binary

from plait_node import node

from .messages import Message, binary, structured

PEER = Path(__file__).with_name("codec_peer.js")


class Codec:
    """The codec of the npm package, in a process of its own."""

    def __init__(self, packages: Path) -> None:
        self.process = subprocess.Popen(
            [node.find().node, str(PEER)],
            env=os.environ | {"NODE_PATH": str(packages)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def answer(self, message: Message) -> Any:
        """What it makes of a message."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message[0]]
        line = json.dumps([headers, base64.b64encode(message[1]).decode("ascii")])
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line.encode("ascii") + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def codec(packages: Path) -> Iterator[Codec]:
    """One for all tests."""
    peer = Codec(packages)
    yield peer
    peer.process.communicate()


def expected(message: Message) -> Any:
    """What the Python runtime makes of it, in the same form."""
    try:
        event = from_http(HTTPMessage(*message))
    except CodecError as error:
        return {"status": error.status}
    sent = to_binary(event)
    return {
        "attributes": {name: _plain(value) for name, value in event.get_attributes().items()},
        "raw": None if event.raw_data is None else base64.b64encode(event.raw_data).decode(),
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in sent.headers],
        "body": base64.b64encode(sent.body).decode(),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def check(codec: Codec, message: Message) -> None:
    """Both say the same; the order of headers does not matter."""
    ours, theirs = codec.answer(message), expected(message)
    for answer in (ours, theirs):
        if "headers" in answer:
            answer["headers"].sort()
    assert ours == theirs


@given(message=binary())
@settings(max_examples=400)
@example(message=([(b"ce-id", b"1")], b""))
def test_binary_mode(codec: Codec, message: Message) -> None:
    """Headers of all kinds."""
    check(codec, message)


@given(message=structured())
@settings(max_examples=400)
@example(message=([(b"content-type", b"application/cloudevents+json")], b"\xef\xbb\xbf{}"))
@example(message=([(b"content-type", b"application/cloudevents+json")], b'{"specversion": "1.0", "id": 1.0}'))
def test_structured_mode(codec: Codec, message: Message) -> None:
    """Documents of all kinds, some of them broken."""
    check(codec, message)
