"""Findings of functions.yaml alone."""

from typing import Any

import pytest

from plait.findings import of_flow
from plait.flow import Flow
from plait.spec.load import load

HEAD = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
"""


def flow(functions: str, rest: str = "") -> Flow:
    """A Flow of functions that are containers."""
    lines = []
    for line in functions.splitlines():
        name, _, fields = line.partition(" ")
        image = "" if "image:" in fields else "image: r.example.com/x:1, "
        lines.append(f"    {name}: {{runtime: container, {image}{fields}}}\n")
    return Flow(load((HEAD + "  functions:\n" + "".join(lines) + rest).encode()).spec)


def found(functions: str, rest: str = "") -> list[tuple[str, str]]:
    """Rule and message of each finding, but of subscriptions that nothing fires: most examples have one."""
    return [
        (item.rule, item.message)
        for item in of_flow(flow(functions, rest))
        if item.rule != "unfired-subscription"
    ]


EMITS = "emits: [{type: t.a, source: /s}]"

BAD: list[tuple[str, str, str, str]] = [
    ("unheard-event", f"orders {EMITS}", "", "nobody subscribes to t.a, which orders emits"),
    (
        "unheard-event",
        f"orders {EMITS}\naudit subscribes: [{{filters: [{{cesql: \"type LIKE 'y%'\"}}]}}]",
        "",
        "nobody subscribes to t.a, which orders emits",
    ),
    (
        "reply-loop",
        f"orders {EMITS}, subscribes: [{{type: t.a}}]",
        "",
        "orders receives its own t.a: it may go round until the Broker ends it, after 255 rounds",
    ),
    (
        "reply-loop",
        f"a {EMITS}, subscribes: [{{type: t.b}}]\nb emits: [{{type: t.b, source: /s}}], subscribes: [{{type: t.a}}]",
        "",
        "t.a may come back to a: a -> b -> a: it may go round until the Broker ends it, after 255 rounds",
    ),
    (
        "filter-never-matches",
        "a subscribes: [{type: t.a, filters: [{prefix: {type: x.}}]}]",
        "",
        'Trigger a never gets an event: filters[0] and filters[1] contradict each other: type cannot be exact "t.a" and prefix "x."',
    ),
    (
        "filter-always-matches",
        "a subscribes: [{filters: [{any: [{exact: {type: a}}, {not: {exact: {type: a}}}]}]}]",
        "",
        "the filter of Trigger a lets every event pass: filters[0].any[0] and filters[0].any[1] together match everything",
    ),
    (
        "filter-never-matches",
        "a subscribes: [{filters: [{cesql: \"type = 't' AND type = 'u'\"}]}]",
        "",
        'Trigger a never gets an event: filters[0]: type cannot be "t" and "u"',
    ),
    (
        "filter-always-matches",
        "a subscribes: [{filters: [{cesql: EXISTS id}]}]",
        "",
        "the filter of Trigger a lets every event pass: filters[0]: the expression is always true: every event has id",
    ),
    (
        "limit",
        "a image: r.example.com/x",
        "",
        "a has neither tag nor digest: what runs is whatever :latest is then",
    ),
    (
        "limit",
        "a serving: knative, timeout: 900",
        "",
        "Knative refuses more than its max-revision-timeout-seconds, 600 by default",
    ),
    ("secret", "a env: {DB_PASSWORD: hunter2}", "", "DB_PASSWORD looks like a secret in plain text"),
    (
        "secret",
        "a env: {DATABASE: 'postgres://shop:hunter2@db/shop'}",
        "",
        "DATABASE looks like a secret (Basic Auth Credentials) in plain text",
    ),
    (
        "secret",
        "a env: {X: AKIAIOSFODNN7EXAMPLE}",
        "",
        "X looks like a secret (AWS Access Key) in plain text",
    ),
    (
        "secret",
        "a replicas: 1",
        "  environments:\n    dev: {platform: kubernetes, functions: {a: {env: {API_TOKEN: x}}}}\n",
        "API_TOKEN looks like a secret in plain text",
    ),
]
GOOD = [
    f"orders {EMITS}\naudit subscribes: [{{filters: [{{cesql: \"type LIKE 't%'\"}}]}}]",
    f"orders {EMITS}\naudit subscribes: [{{filters: [{{cesql: \"type = 't.a' AND subject = 'x'\"}}]}}]",
    f"orders {EMITS}\naudit subscribes: [{{type: t.a}}]",
    f"orders {EMITS}, subscribes: [{{type: t.a, source: /other}}]\naudit subscribes: [{{source: /s}}]",
    "a subscribes: [{type: t.a, filters: [{prefix: {type: t.}}]}]",
    "a subscribes: [{}]",
    "a image: r.example.com/x:1",
    "a serving: knative, timeout: 600",
    "a env: {DB_PASSWORD: {secret: {name: db, key: password}}, LEVEL: info, URL: 'https://shop.example.com/a'}",
]


@pytest.mark.parametrize(("rule", "functions", "rest", "message"), BAD)
def test_what_looks_wrong(rule: str, functions: str, rest: str, message: str) -> None:
    """Each rule finds its example, once, and says what is wrong."""
    assert [item for item in found(functions, rest) if item[0] == rule] == [(rule, message)]


@pytest.mark.parametrize("functions", GOOD)
def test_what_is_well(functions: str) -> None:
    """The same, done right."""
    assert found(functions) == []


def test_a_subscription_that_nothing_fires() -> None:
    """It is told with the way out, and that way out works."""
    functions = "a subscribes: [{type: t.a}]"
    (item,) = of_flow(flow(functions))
    assert (item.rule, item.location) == ("unfired-subscription", ("spec", "functions", "a", "subscribes", 0))
    assert item.hint == "list it under spec.external when it comes from outside"
    assert of_flow(flow(functions, "  external: [{type: t.a}]\n")) == []


def test_a_way_round_is_told_once() -> None:
    """A cycle of three functions is one finding, wherever one starts."""
    names = ("a", "b", "c")
    lines = [
        f"{name} emits: [{{type: t.{name}, source: /s}}], subscribes: [{{type: t.{names[at - 1]}}}]"
        for at, name in enumerate(names)
    ]
    assert [rule for rule, _ in found("\n".join(lines))] == ["reply-loop"]


def test_an_emission_is_told_once() -> None:
    """Where all reach all, there are as many ways round as pairs: the shortest of each emission is enough."""
    lines = [
        f"{name} emits: [{{type: t.{name}, source: /s}}], subscribes: [{{source: /s}}]" for name in "abcd"
    ]
    told = found("\n".join(lines))
    assert [rule for rule, _ in told] == ["reply-loop"] * 4
    assert all("receives its own" in message for _, message in told)


def test_no_value_of_a_secret_is_told() -> None:
    """Findings go into logs."""
    items: list[Any] = of_flow(flow("a env: {DB_PASSWORD: hunter2, X: AKIAIOSFODNN7EXAMPLE}"))
    assert not any("hunter2" in str(item) or "AKIA" in str(item) for item in items)
