"""What changes in the contracts of an environment, and whom it concerns.

Each function's object of kind Contracts says by which contract it emits and takes events (`plait.resources`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plait.compare.schemas import Step, steps
from plait.edits import Object

Held = Mapping[str, Mapping[str, str]]  # function -> type -> schema as JSON
_VERDICTS = {True: "breaking", None: "perhaps breaking", False: "compatible"}


@dataclass(frozen=True, slots=True)
class Promises:
    """By which contracts the functions of an environment emit and take events."""

    emits: Held
    takes: Held

    def known(self, kind: str) -> Mapping[str, str]:
        """Who says what the contract of a type is: those who emit it, else those who take it."""
        return _of(self.emits, kind) or _of(self.takes, kind)

    def mismatches(self) -> set[tuple[str, str, str]]:
        """Type, who takes it, and who emits it by another contract."""
        return {
            (kind, taker, emitter)
            for emitter, emitted in self.emits.items()
            for taker, taken in self.takes.items()
            for kind in emitted.keys() & taken.keys()
            if emitted[kind] != taken[kind]
        }


def promises(objects: Sequence[Object]) -> Promises:
    """Read them from the objects of an environment."""
    found = [item for item in objects if item["kind"] == "Contracts"]
    held = {item["metadata"]["name"]: item["spec"] for item in found}
    emits, takes = ({name: spec.get(way, {}) for name, spec in held.items()} for way in ("emits", "takes"))
    return Promises(emits, takes)


def sentences(old: Promises, new: Promises) -> Iterator[str]:
    """One for each contract that is new, changes or goes, and for each two that no longer fit."""
    held = [*old.emits.values(), *old.takes.values(), *new.emits.values(), *new.takes.values()]
    for kind in sorted({kind for contracts in held for kind in contracts}):
        was, now = old.known(kind), new.known(kind)
        if was and now:
            pairs = {(was[name], now[name]) for name in was.keys() & now.keys() if was[name] != now[name]}
            yield from (_change(kind, _of(new.takes, kind), *pair) for pair in sorted(pairs))
        else:
            yield from _first_or_last(kind, old, new)
    for kind, taker, emitter in sorted(new.mismatches() - old.mismatches()):
        yield f"{taker} takes {kind} by another contract than {emitter} emits it by"


def _first_or_last(kind: str, old: Promises, new: Promises) -> Iterator[str]:
    """A contract that comes or goes while the function stays; one that appears brings its own."""
    came, gone = ({**_of(side.takes, kind), **_of(side.emits, kind)} for side in (new, old))
    stay = old.takes.keys() & new.takes.keys()
    if stay & {**came, **gone}.keys():
        who = _who(_of((new if came else old).takes, kind))
        yield f"{kind} {'now has a' if came else 'no longer has a'} contract: {who}"


def _change(kind: str, takers: Mapping[str, str], was: str, now: str) -> str:
    found = steps(was, now)
    if not found:
        return f"the contract of {kind} changes in texts for people alone: {_who(takers)}"
    told = "; ".join(step.text for step in found)
    return f"the contract of {kind} changes, {_verdict(found)}: {_who(takers)} ({told})"


def _verdict(found: Sequence[Step]) -> str:
    kinds = [step.breaking for step in found]
    return _VERDICTS[True if True in kinds else None if None in kinds else False]


def _who(names: Mapping[str, str] | Sequence[str]) -> str:
    *others, last = sorted(names) or ["nobody here"]
    return f"{', '.join(others)} and {last} take it" if others else f"{last} takes it"


def _of(held: Held, kind: str) -> Mapping[str, str]:
    return {name: contracts[kind] for name, contracts in held.items() if kind in contracts}
