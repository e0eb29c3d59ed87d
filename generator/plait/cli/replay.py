"""`plait replay`."""

from __future__ import annotations

import json

import click

from plait.cli import asking


@click.command("replay")
@click.argument("event", metavar="NUMBER|ID")
@click.option(
    "--dead-lettered", is_flag=True, help="Only for the Triggers that it was dead-lettered or given up for."
)
@click.option("--trigger", metavar="NAME", help="Only for this Trigger.")
@asking.options
def command(event: str, *, dead_lettered: bool, trigger: str | None, port: int, host: str, form: str) -> None:
    """Send an event that was kept once more.

    It is the same event, with the same id, and gets a new number, which is printed. It goes to the
    Triggers that match now: mend the function, then replay.
    """
    from plait.local.client.broker import Broker

    if dead_lettered and trigger:
        raise click.UsageError("--dead-lettered and --trigger exclude each other")
    broker = Broker(host, port)
    parameters: dict[str, str | int] = {"dead-lettered": 1} if dead_lettered else {}
    if trigger:
        parameters["trigger"] = broker.trigger(trigger)
    done = broker.replay(event, parameters)
    if form == "json":
        click.echo(json.dumps(done))
    else:
        click.echo(f"event {done['seq']} is event {done['replayOf']} again")
