"""A case, as its file in cases/ writes it. What is not known there is an error."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

from .wire import REQUIRED, head

CASES = Path(__file__).parent / "cases"
STRUCTURED = "application/cloudevents+json"


class Strict(BaseModel):
    """Nothing but what is declared, and nothing turned into something else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Bytes(Strict):
    """Bytes that are not text: `{base64: AP8=}`, or many: `{repeat: x, times: 1000}`."""

    base64: str = ""
    repeat: str = ""
    times: int = 1

    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.base64, validate=True) + self.repeat.encode() * self.times


class Pattern(Strict):
    """Text by a regular expression, which is searched for: `{pattern: "[0-9]+"}`."""

    pattern: str


Content = str | Bytes
Expected = str | Bytes | Pattern


def content(value: Content) -> bytes:
    """The bytes that a value stands for: text in UTF-8."""
    return value.encode() if isinstance(value, str) else value.content()


class Slow(Strict):
    """A client that is slow: so many bytes at once (from the end where negative), then one a time, or none.

    Attributes:
        after: bytes of the request.
        drip: seconds between the bytes after those; None: nothing comes any more.
    """

    after: int
    drip: float | None = None


class Request(Strict):
    """What is sent, to the letter: no header is added but Host, and Content-Length where there is a body.

    Attributes:
        method, path: of the request line.
        event: attributes of an event in binary mode, on top of REQUIRED; None takes one away.
            Without it, no ce-* header is sent but those in `headers`.
        headers: more headers, in order.
        padding: so many headers more, which say nothing.
        body: the bytes of the body.
        structured: the body, with the Content-Type of structured mode, in place of `body`.
        chunks: the body goes in chunks of as many bytes, without Content-Length.
        raw: all of the request, in place of the rest.
        slow: see there.
    """

    method: str = "POST"
    path: str = "/"
    event: dict[str, Content | None] | None = None
    headers: list[tuple[str, Content]] = []
    padding: int = 0
    body: Content = ""
    chunks: int | None = None
    raw: Content | None = None
    slow: Slow | None = None

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, value: Any) -> Any:
        """What `structured` stands for; and YAML has lists where this has pairs."""
        others = {name: given for name, given in value.items() if name != "structured"}
        headers = [tuple(pair) for pair in value.get("headers", ())]
        if "structured" not in value:
            return others | {"headers": headers}
        return others | {"headers": [("Content-Type", STRUCTURED), *headers], "body": value["structured"]}

    def attributes(self) -> dict[str, Content]:
        """Name and value of each ce-* header that `event` stands for."""
        if self.event is None:
            return {}
        given = {name: value for name, value in (REQUIRED | self.event).items() if value is not None}
        return {f"ce-{name}": value for name, value in given.items()}

    def encoded(self) -> bytes:
        """Its bytes."""
        if self.raw is not None:
            return content(self.raw)
        body = content(self.body)
        pairs = [("Host", b"conformance")]
        pairs += [(name, content(value)) for name, value in self.attributes().items()]
        pairs += [(name, content(value)) for name, value in self.headers]
        pairs += [(f"X-{number}", b"x") for number in range(self.padding)]
        if self.chunks is not None:
            pairs.append(("Transfer-Encoding", b"chunked"))
            body = _chunked(body, self.chunks)
        elif not any(name.lower() == "content-length" for name, _ in pairs) and (
            body or self.method == "POST"
        ):
            pairs.append(("Content-Length", b"%d" % len(body)))
        return head(self.method, self.path, pairs) + body


def _chunked(body: bytes, size: int) -> bytes:
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


class Reply(Strict):
    """What has to come back.

    Attributes:
        status: None: the connection is closed without an answer.
        event: all ce-* headers and Content-Type; `same`: those that were sent; {}: none.
            None: they are not looked at.
        headers: some headers; None: it is not there.
        body: the bytes of the body, or a pattern; `same`: those that were sent.
        closes: whether the connection ends; True: it does, False: another request is answered on it.
    """

    status: int | None
    event: dict[str, Expected] | Literal["same"] | None = None
    headers: dict[str, Expected | None] = {}
    body: Expected | None = None
    closes: bool | None = None


class Case(Strict):
    """One request and its reply.

    Attributes:
        group: the title of its file.
        name: short; not twice in a group.
        about: why, where the name does not say it.
        function: that it is posted to.
        environment: variables of its server.
        request, reply: see there.
        log: the line that is logged: its message, or some of its fields; None: no line. A field that is null
            is not there.
        not_for: by runtime, why it cannot hold there.
    """

    group: str
    name: str
    about: str = ""
    function: str = "echo"
    environment: dict[str, str] = {}
    request: Request
    reply: Reply
    log: str | dict[str, Pattern | str | int | None] | None = None
    not_for: dict[str, str] = {}


class Group(Strict):
    """One file of cases/.

    Attributes:
        group: its title.
        about: what holds for all.
        function, environment: of the cases that say nothing else.
        cases: the cases.
    """

    group: str
    about: str
    function: str = "echo"
    environment: dict[str, str] = {}
    cases: list[Case]

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        """What the group says for its cases, where a case does not say it itself."""
        shared = {name: value[name] for name in ("group", "function", "environment") if name in value}
        return value | {"cases": [shared | case for case in value["cases"]]}

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [case.name for case in self.cases]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"{self.group}: the names are there twice: {sorted(twice)}")
        return self


def groups() -> Iterator[Group]:
    """All files of cases/, by name.

    Raises:
        ValueError: a file says what it should not; pydantic's message names the place.
    """
    for path in sorted(CASES.glob("*.yaml")):
        yield Group.model_validate(YAML(typ="safe").load(path.read_text("utf-8")))
