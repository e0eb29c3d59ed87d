"""What the functions of an environment emit, then and now: functions.yaml says it, and no object holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plait.flow import Flow, verdict
from plait.spec.events import Event


def sentences(old: Flow, new: Flow, names: Iterable[str]) -> Iterator[str]:
    """One for each event that a function emits from now on, with whom it reaches, or emits no longer.

    Args:
        old, new: the flow then and now.
        names: the functions to look at; one that only one of the two has is passed over.
    """
    for name in names:
        if name in old.functions and name in new.functions:
            yield from _function(name, old, new)


def _function(name: str, old: Flow, new: Flow) -> Iterator[str]:
    was, now = ({_words(event): event for event in flow.functions[name].emits} for flow in (old, new))
    also = bool(was.keys() & now.keys())
    for words, event in now.items():
        if words not in was:
            yield f"{name} now {'also ' * also}emits {words}, which {_reach(new, event)}"
    for words in was:
        if words not in now:
            yield f"{name} no longer emits {words}"


def _words(event: Event) -> str:
    return f"{event.type} from {event.source}" if event.source else event.type


def _reach(flow: Flow, event: Event) -> str:
    """Who certainly gets it, and who does where what is not declared lets it."""
    sure, perhaps = [], []
    for name, triggers in flow.triggers.items():
        verdicts = [verdict(trigger.filters, event) for trigger in triggers]
        if True in verdicts:
            sure.append(name)
        elif None in verdicts:
            perhaps.append(name)
    told = [f"{how} {_listed(who)}" for how, who in (("reaches", sure), ("may reach", perhaps)) if who]
    return " and ".join(told) or "reaches nobody"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
