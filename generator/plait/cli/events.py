"""`plait events`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from plait.cli import asking
from plait.errors import PlaitError

Json = Mapping[str, Any]
_REMEMBERED = 1000


@click.command("events")
@click.option("--follow", "-f", is_flag=True, help="Go on with those that come, until Ctrl-C.")
@click.option("--type", "type_", metavar="TYPE", help="Only of this type; * stands for anything.")
@click.option("--source", metavar="SOURCE", help="Only from this source; * stands for anything.")
@click.option("--id", "identity", metavar="ID", help="Only with this id; * stands for anything.")
@click.option("--dead-lettered", is_flag=True, help="Only those that were dead-lettered or given up.")
@click.option("--since", type=click.IntRange(0), metavar="NUMBER", help="Only those after this number.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="The newest so many."
)
@asking.options
def command(  # noqa: PLR0913 - one argument an option
    *,
    follow: bool,
    type_: str | None,
    source: str | None,
    identity: str | None,
    dead_lettered: bool,
    since: int | None,
    limit: int,
    port: int,
    host: str,
    form: str,
) -> None:
    """List the events that the local broker has, the newest last.

    Columns: number, time, what became of it, type, source, id. --follow shows an event again when that
    has changed. With --format json, it is one object a line.
    """
    from plait.cli import table
    from plait.local.client.broker import Broker

    wanted = {"type": type_, "source": source, "id": identity, "since": since, "limit": limit}
    parameters = {name: value for name, value in wanted.items() if value is not None}
    if dead_lettered:
        parameters["dead-lettered"] = 1
    broker = Broker(host, port)
    if not follow:
        found = broker.events(parameters)
        if not found and form == "text":
            some = parameters.keys() - {"limit"}
            click.echo(f"note: {'no event is like that' if some else 'there is no event yet'}", err=True)
        _print(_objects(found) if form == "json" else table.whole(found))
        return
    news = _news(broker.follow(parameters))
    try:
        _print(_objects(news) if form == "json" else table.growing(news))
    except KeyboardInterrupt:
        return
    raise PlaitError("the broker has ended", where=broker.url)


def _print(lines: Iterable[str]) -> None:
    """Each line as soon as it comes."""
    for line in lines:
        click.echo(line)
        sys.stdout.flush()


def _objects(events: Iterable[Json]) -> Iterator[str]:
    return (json.dumps(event) for event in events)


def _news(events: Iterable[Json]) -> Iterator[Json]:
    """Without those of which nothing has changed since they were shown."""
    shown: dict[int, Any] = {}
    for event in events:
        if shown.get(event["seq"], ()) != event["deliveries"]:
            shown[event["seq"]] = event["deliveries"]
            yield event
        if len(shown) > _REMEMBERED:
            del shown[next(iter(shown))]
