"""`plait trace`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plait.cli import asking
from plait.errors import PlaitError

if TYPE_CHECKING:
    from plait.local.client.broker import Broker


@click.command("trace")
@click.argument("event", required=False, metavar="[NUMBER|ID]")
@asking.options
def command(event: str | None, *, port: int, host: str, form: str) -> None:
    """Show what became of an event: Triggers, attempts, replies.

    NUMBER is what plait send and plait events print, ID the event's own. Without either, it is the newest
    event that was sent. A Trigger that takes the event is marked +, ~ while it is tried, x
    where it was lost; one that does not is marked -, with the reason.
    """
    from plait.cli import traced
    from plait.local.client.broker import Broker

    broker = Broker(host, port)
    found = broker.trace(event or _newest(broker))
    if form == "text" and (others := [str(number) for number in found["sameId"][1:]]):
        told = f"event {others[0]} has" if len(others) == 1 else f"events {', '.join(others)} have"
        click.echo(f"note: {told} this id too; {found['seq']} is the newest", err=True)
    traced.show([found], form)


def _newest(broker: Broker) -> str:
    """The number of the newest event that is not a reply, or whose cause is no longer kept."""
    events = broker.events({"limit": 1})
    if not events:
        hint = "plait send --type TYPE sends one"
        raise PlaitError("there is no event yet", where=broker.url, hint=hint)
    event = events[0]
    while event["parent"] is not None:
        event = broker.event(str(event["parent"]))
    return str(event["seq"])
