"""`plait send`."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plait.cli import asking, contracted
from plait.errors import PlaitError

if TYPE_CHECKING:
    from plait.local.client import Answer, Message

_NAME = re.compile(r"(?!data$|datacontenttype$)[a-z0-9]+")
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)


@click.command("send")
@click.argument("event", required=False, metavar="[EVENT.json]", type=_FILE)
@click.option("--type", "type_", metavar="TYPE", help="The event's type.")
@click.option("--source", metavar="SOURCE", help="Its source; /plait/send, if not given.")
@click.option("--id", "identity", metavar="ID", help="Its id; a fresh UUID, if not given.")
@click.option("--subject", metavar="TEXT", help="Its subject.")
@click.option("--attribute", "-a", "more", multiple=True, metavar="NAME=TEXT", help="Another attribute.")
@click.option("--data", "text", metavar="TEXT", help="Its data.")
@click.option("--data-file", type=_FILE, help="The file with its data; - is standard input.")
@click.option("--content-type", metavar="TYPE", help="What the data are; guessed, if not given.")
@click.option("--structured", is_flag=True, help="Send it as one JSON object.")
@click.option("--url", help="Send it there, to a function or any broker, not to the local one.")
@click.option("--no-check", is_flag=True, help="Send data that break the event's contract too.")
@click.option("--broker", metavar="NAMESPACE/NAME", help="Which Broker of plait run; it may have several.")
@asking.options
@click.pass_context
def command(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    event: Path | None,
    *,
    type_: str | None,
    source: str | None,
    identity: str | None,
    subject: str | None,
    more: Sequence[str],
    text: str | None,
    data_file: Path | None,
    content_type: str | None,
    structured: bool,
    url: str | None,
    no_check: bool,
    broker: str | None,
    port: int,
    host: str,
    form: str,
) -> None:
    """Send an event to the local broker, or to any URL.

    EVENT.json is a file with an event in the CloudEvents JSON format, or a list of them; - is standard
    input. Options replace its attributes. Without a file, --type is what an event needs at least. Data
    that break the contract of their type in functions.yaml are refused. Exit code 1 then, and where an
    answer is not 2xx.
    """
    if url and broker:
        raise click.UsageError("--url and --broker exclude each other")
    core = {"type": type_, "source": source, "id": identity, "subject": subject}
    given = {name: value for name, value in core.items() if value is not None} | _attributes(more)
    data = _data(text, data_file)
    if event is not None:
        if data is not None or content_type:
            raise click.UsageError("the data are in the file: no --data, --data-file, --content-type")
        messages = _read(event, given)
    else:
        messages = [_made(given, data, content_type, structured=structured)]
    if not no_check:
        contracted.refuse_broken(ctx.obj, messages)
    target = url or _ingress(host, port, broker, ctx.obj)
    answers = [_sent(target, message, form) for message in messages]
    if form == "text" and not url:
        _note_untaken(host, port, answers)
    if not all(_good(answer) for answer in answers):
        ctx.exit(1)


def _attributes(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise click.UsageError(f"--attribute {pair}: not NAME=TEXT, the name in small letters and digits")
        found[name] = value
    return found


def _data(text: str | None, file: Path | None) -> bytes | None:
    if text is not None and file is not None:
        raise click.UsageError("--data and --data-file exclude each other")
    if file is None:
        return None if text is None else text.encode("utf-8", "surrogateescape")
    return _content(file)


def _content(file: Path) -> bytes:
    with click.open_file(str(file), "rb") as opened:
        content: bytes = opened.read()
    return content


def _read(file: Path, given: Mapping[str, str]) -> Sequence[Message]:
    from plait.local.client import read_events

    return read_events(_content(file), "standard input" if str(file) == "-" else str(file), given)


def _made(
    given: Mapping[str, str], data: bytes | None, content_type: str | None, *, structured: bool
) -> Message:
    """An event of options. Nothing is invented but what every event needs."""
    from plait.local.client import files, message
    from plait.local.gostd import mime

    if "type" not in given:
        raise click.UsageError("name the event: a file, or --type TYPE")
    if content_type is not None and not (content_type.isprintable() and mime.is_media_type(content_type)):
        raise click.UsageError(f"--content-type {content_type}: not a media type, as application/json")
    if "source" not in given:
        click.echo(f"note: it comes from {files.SOURCE}; --source says another", err=True)
    kind = content_type or (None if data is None else message.content_type(data))
    attributes = {**files.defaults(), **given, **({message.CONTENT_TYPE: kind} if kind else {})}
    return message.make(attributes, data, structured=structured)


def _ingress(host: str, port: int, wanted: str | None, root: Path) -> str:
    """The URL of the local Broker: the one that is wanted, the only one, or that of functions.yaml."""
    from plait.local.client import Broker

    brokers = Broker(host, port)
    url: str = brokers.ingress(wanted, lambda: _own(root))["url"]
    return url


def _own(root: Path) -> str | None:
    """`NAMESPACE/NAME` of the Broker of the functions.yaml that is here, if one is."""
    from plait.project import load_spec

    try:
        body = load_spec(root).spec.spec
    except PlaitError:
        return None
    return f"{body.namespace.name}/{body.broker.name}"


def _sent(url: str, message: Message, form: str) -> Answer:
    """Send it and tell the answer."""
    from plait.local.client import post

    answer = post(url, message)
    good = _good(answer)
    if form == "json":
        click.echo(json.dumps(_object(url, message, answer)))
    elif good:
        click.echo("\n".join(_lines(message, answer)))
    if not good:
        where = f"{message.where}: " if message.where else ""
        click.echo(
            f"error: {where}{url} answers {answer.status}: {answer.text.strip()}".rstrip(": "), err=True
        )
    return answer


def _good(answer: Answer) -> bool:
    return 200 <= answer.status < 300  # noqa: PLR2004


def _note_untaken(host: str, port: int, answers: Sequence[Answer]) -> None:
    """Say of the events of which the broker knows already that they reach nobody."""
    from plait.local.client import Broker

    broker = Broker(host, port)
    for seq in filter(None, (answer.header("plait-seq") for answer in answers)):
        with contextlib.suppress(PlaitError):  # it is sent, whatever became of the broker
            if not broker.event(seq)["deliveries"]:
                click.echo(f"note: no Trigger takes event {seq}; plait trace {seq} says why", err=True)


def _lines(message: Message, answer: Answer) -> Sequence[str]:
    """The status, what the event is called, and the reply of a function."""
    from plait.cli.traced import printable

    seq = answer.header("plait-seq")
    number = f" event {seq}" if seq else ""
    lines = [f"{answer.status}{number} id {printable(message.attributes['id'])}"]
    if attributes := answer.attributes:
        lines.append(printable("reply " + "  ".join(f"{name} {text}" for name, text in attributes.items())))
    if answer.body:
        lines.append(printable(answer.text))
    return lines


def _object(url: str, message: Message, answer: Answer) -> Mapping[str, object]:
    seq = answer.header("plait-seq")
    named = {name: message.attributes.get(name) for name in ("id", "type", "source")}
    reply = {"attributes": answer.attributes, "body": answer.text}
    return {"status": answer.status, "seq": int(seq) if seq else None, **named, "url": url, "reply": reply}
