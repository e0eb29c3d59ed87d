"""Recorded transcripts of a real Knative broker, replayed against the local one and compared.

As strict as the tool that came with the recordings: statuses, the three headers that Knative promises, every
delivery with all of its headers and its body as a multiset, and the gaps between attempts.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from plait.local.service import Service
from tests.local.support.running import objects, settled
from tests.local.support.subscribers import Received, Subscribers
from tests.local.support.wire import Pairs, Reply, request

DATA = Path(__file__).parents[2] / "data" / "knative"
IGNORED = frozenset(
    ("host", "content-length", "date", "accept-encoding", "user-agent", "connection", "transfer-encoding")
)
PROMISED = ("allow", "webhook-allowed-origin", "webhook-allowed-rate")
IN_CLUSTER = "http://broker-ingress.knative-eventing.svc.cluster.local/{}/{}"
EARLY, LATE = 0.15, 1.0
"""Seconds by which a gap may differ besides; on a busy machine an attempt comes late, never early."""

Case = dict[str, Any]
Delivery = tuple[int, str, str, str, tuple[tuple[str, str], ...], bytes | str]


def load() -> list[Case]:
    """All cases, in the order of their names."""
    return [json.loads(path.read_text()) for path in sorted(DATA.glob("*.json"))]


def decoded(text: str | None) -> bytes:
    """Base64 to bytes."""
    return base64.b64decode(text or "")


def filled(value: Any, host: str) -> Any:
    """A part of a case with the recorder's address in it."""
    return json.loads(json.dumps(value).replace("{HOST}", host))


def placed(case: Case, host: str) -> list[Any]:
    """Its Broker and Triggers."""
    triggers = {item["name"]: filled(item["spec"], host) for item in case["triggers"]}
    return objects(case["broker"]["namespace"], triggers, filled(case["broker"]["spec"], host))


def script(case: Case, subscribers: Subscribers) -> None:
    """Tell the subscribers of a case what to answer."""
    for name, steps in case["subscribers"].items():
        subscribers.scripts[f"{case['id']}/{name}"] = [_reply(step) for step in steps]


def _reply(step: dict[str, Any]) -> Reply:
    headers = [(name, value) for name, value in step.get("headers", [])]
    return Reply(step["status"], headers, decoded(step.get("body_b64")), step.get("delay_s", 0))


async def play(case: Case, service: Service, subscribers: Subscribers) -> list[str]:
    """Send the requests of a case, one after the other; what differs from the recording."""
    key = f"{case['broker']['namespace']}/{case['broker']['name']}"
    began: list[float] = []
    problems = []
    for index, (sent, recorded) in enumerate(zip(case["requests"], case["responses"], strict=True)):
        began.append(time.monotonic())
        answer = await request(
            sent["method"],
            service.ingress_url(key),
            [(name, value.replace("{HOST}", subscribers.host)) for name, value in sent["headers"]],
            decoded(sent.get("body_b64")),
            _target(sent, key),
        )
        found = (0, []) if answer is None else (answer.status, answer.headers)
        problems += [f"response {index}: {told}" for told in _response_differs(recorded, *found)]
        await settled(service, case["broker"]["namespace"])
    brokers = {service.ingress_url(key), IN_CLUSTER.format(*key.split("/"))}
    normal = _Normal(case, subscribers.host, brokers)
    got = [(normal.delivery(item, began), item.at) for item in subscribers.log[case["id"]]]
    return problems + list(_deliveries_differ(case, got))


def _target(sent: dict[str, Any], key: str) -> str:
    if "path" not in sent:
        return f"/{key}{sent.get('path_suffix', '')}"
    target: str = sent["path"].replace("{NS}", key.split("/", maxsplit=1)[0]).replace("{PATH}", f"/{key}")
    return target


def _response_differs(recorded: dict[str, Any], status: int, headers: Pairs) -> Iterator[str]:
    """500 was Knative's answer where a delivery failed before it answered (statement 6): 202 will do."""
    wanted = {500, 202} if recorded["status"] == 500 else {recorded["status"]}
    if status not in wanted:
        yield f"status {status}, recorded {recorded['status']}"
    have, want = ({n.lower(): v for n, v in pairs} for pairs in (headers, recorded["headers"]))
    for name in PROMISED:
        if have.get(name) != want.get(name):
            yield f"{name} is {have.get(name)!r}, recorded {want.get(name)!r}"


class _Normal:
    """Puts placeholders where a recording has them."""

    def __init__(self, case: Case, host: str, brokers: Iterable[str]) -> None:
        self.case, self.host, self.brokers = case, host, frozenset(brokers)
        known = json.dumps([case["requests"], case["subscribers"]])
        self.traces = frozenset(re.findall(r"[0-9a-f]{32}", known))

    def delivery(self, item: Received, began: list[float]) -> Delivery:
        index = max(number for number, start in enumerate(began) if start <= item.at)
        headers = [(n.lower(), self.value(n.lower(), v)) for n, v in item.message.headers]
        body = item.message.body.replace(self.host.encode(), b"{HOST}")
        body = re.sub(rb'("knativearrivaltime"\s*:\s*)"[^"]*"', rb'\1"{TIME}"', body)
        name = item.path.partition("?")[0].split("/")[2]
        return comparable(index, name, item.method, item.path, headers, body)

    def value(self, name: str, value: str) -> str:
        if value in self.brokers:
            return "{BROKER}"
        if name == "ce-knativearrivaltime":
            return "{TIME}"
        parts = value.split("-")
        if name == "traceparent" and [len(part) for part in parts] == [2, 32, 16, 2]:
            trace = parts[1] if parts[1] in self.traces else "{TRACE}"
            return "-".join([parts[0], trace, "{SPAN}", parts[3]])
        return value.replace(self.host, "{HOST}")


def comparable(
    index: int, subscriber: str, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Delivery:
    """A delivery as it is compared: headers sorted, texts of error messages and the order in JSON left out."""
    pairs = tuple(sorted((name, _loose(name, value)) for name, value in headers if name not in IGNORED))
    kind = dict(pairs).get("content-type", "")
    shown: bytes | str = body
    if kind.startswith("application/cloudevents+json"):
        shown = json.dumps(json.loads(body.decode("utf-8", "surrogateescape")), sort_keys=True)
    return index, subscriber, method, path, pairs, shown


def _loose(name: str, value: str) -> str:
    if name != "ce-knativeerrordata":
        return "{BROKER}" if name == "ce-knativeerrordest" and value.startswith(IN_CLUSTER[:30]) else value
    text = base64.b64decode(value[: len(value) // 4 * 4])
    return "dispatch error: ..." if text.startswith(b"dispatch error: ") else value


def _deliveries_differ(case: Case, got: list[tuple[Delivery, float]]) -> Iterator[str]:
    wanted = [(_recorded(item), item["at_ms"] / 1000) for item in case["deliveries"]]
    have, want = (Counter(item for item, _ in side) for side in (got, wanted))
    for item in (want - have).elements():
        yield f"missing: {item}"
    for item in (have - want).elements():
        yield f"extra: {item}"
    if have == want and case.get("spacing") != "ignore":
        yield from _gaps_differ(_gaps(wanted), _gaps(got))


def _recorded(item: dict[str, Any]) -> Delivery:
    headers = [(name, value) for name, value in item["headers"]]
    body = decoded(item["body_b64"])
    return comparable(item["request"], item["subscriber"], item["method"], item["path"], headers, body)


def _gaps(items: list[tuple[Delivery, float]]) -> dict[tuple[int, str, str], list[float]]:
    times = defaultdict(list)
    for (index, subscriber, _, _, headers, _), at in sorted(items, key=lambda item: item[1]):
        times[index, subscriber, dict(headers).get("ce-id", "")].append(at)
    return {key: [b - a for a, b in pairwise(v)] for key, v in times.items()}


def _gaps_differ(want: dict[Any, list[float]], have: dict[Any, list[float]]) -> Iterator[str]:
    for key, gaps in want.items():
        for wanted, found in zip(gaps, have[key], strict=True):
            if not wanted / 2 - EARLY <= found <= wanted * 3 + LATE:
                yield f"{key}: a gap of {found:.3f} s, recorded {wanted:.3f} s"
