"""What the difference between two environments, or two moments of one, means to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plait.compare import contracts
from plait.compare.picture import Picture, Workload, picture
from plait.edits import Object


def meaning(before: Sequence[Object], after: Sequence[Object]) -> list[str]:
    """One sentence for each thing that changes: functions, versions, events, dead letters, contracts."""
    old, new = picture(before), picture(after)
    told = [*_functions(old, new), *_events(old, new), *_dead_letters(old, new), *_settings(old, new)]
    return [*told, *contracts.sentences(contracts.promises(before), contracts.promises(after))]


def _functions(old: Picture, new: Picture) -> Iterator[str]:
    for name in sorted({*old.workloads, *new.workloads}):
        was, now = old.workloads.get(name), new.workloads.get(name)
        if now is None:
            yield f"{name} goes"
        elif was is None:
            yield f"{name} appears, {now.image}"
        else:
            yield from _workload(name, was, now)


def _workload(name: str, was: Workload, now: Workload) -> Iterator[str]:
    if was.image != now.image:
        yield f"{name}: {_versions(was.image, now.image)}"
    if was.code != now.code:
        yield f"{name} runs other code"
    if was.serving != now.serving:
        yield f"{name} is served by a {_SERVED[now.serving]}, no longer by a {_SERVED[was.serving]}"
    if was.replicas != now.replicas:
        yield f"{name}: {_replicas(now.replicas)}, no longer {_replicas(was.replicas)}"
    for key in sorted({*was.env, *now.env}):
        if was.env.get(key) != now.env.get(key):
            how = "is new" if key not in was.env else "goes" if key not in now.env else "changes"
            yield f"{name}: the variable {key} {how}"


_SERVED = {"deployment": "Deployment", "knative": "Knative Service"}


def _replicas(count: int | None) -> str:
    if count is None:
        return "as many replicas as the autoscaler says"
    return f"{count} replica{'s' * (count != 1)}"


def _versions(was: str, now: str) -> str:
    """Versions alone where the repository stays."""
    (here, old), (there, new) = _split(was), _split(now)
    return f"{old} -> {new}" if here == there and old and new else f"{was} -> {now}"


def _split(image: str) -> tuple[str, str]:
    name, at, digest = image.partition("@")
    head, slash, tail = name.rpartition("/")
    path, _, tag = tail.partition(":")
    return head + slash + path, tag + (f"@{digest}" if at else "")


def _events(old: Picture, new: Picture) -> Iterator[str]:
    for events, subscriber in sorted(new.routes - old.routes):
        also = any(route[0] == events for route in old.routes & new.routes)
        yield f"{events} now {'also ' * also}reaches {subscriber}"
    for events, subscriber in sorted(old.routes - new.routes):
        yield f"{events} no longer reaches {subscriber}"


def _dead_letters(old: Picture, new: Picture) -> Iterator[str]:
    """By subscriber, where all its Triggers agree; else by events too."""
    was, now = _by_subscriber(old, old.routes & new.routes), _by_subscriber(new, old.routes & new.routes)
    for subscriber in sorted(was):
        before, after = was[subscriber], now[subscriber]
        if before == after:
            continue
        if len(set(before.values())) == len(set(after.values())) == 1:
            yield _sink(subscriber, next(iter(before.values())), next(iter(after.values())))
            continue
        for events in sorted(before):
            if before[events] != after[events]:
                yield _sink(f"{events} for {subscriber}", before[events], after[events])


def _by_subscriber(
    seen: Picture, routes: frozenset[tuple[str, str]]
) -> Mapping[str, Mapping[str, str | None]]:
    grouped: dict[str, dict[str, str | None]] = {}
    for events, subscriber in routes:
        grouped.setdefault(subscriber, {})[events] = seen.sinks[events, subscriber]
    return grouped


def _sink(who: str, before: str | None, after: str | None) -> str:
    if after is None:
        return f"{who} is no longer dead-lettered"
    if before is None:
        return f"{who} is now dead-lettered to {after}"
    return f"{who} is dead-lettered to {after}, no longer to {before}"


def _settings(old: Picture, new: Picture) -> Iterator[str]:
    found = set()
    for route in old.routes & new.routes:
        was, now = old.delivery[route], new.delivery[route]
        for key in {*was, *now}:
            if was.get(key) != now.get(key):
                found.add(
                    f"delivery to {route[1]}: {key} {_value(now.get(key))}, no longer {_value(was.get(key))}"
                )
    yield from sorted(found)


def _value(value: object) -> str:
    return "by default" if value is None else str(value)
