"""Knative YAML -> routes, and every mistake with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait.errors import PlaitError
from plait.local.routes import manifests
from plait.local.routes.build import Placed, Resolver, build
from plait.local.routes.model import Routes
from plait.local.routes.policy import KNATIVE_DEFAULT, Policy, seconds
from tests.local.support.running import objects, routes
from tests.local.support.transcripts import DATA

HEAD = "apiVersion: eventing.knative.dev/v1\nkind: {}\nmetadata: {{name: {}, namespace: shop}}\n"
REJECTED = json.loads((DATA / "f-rejected.json").read_text())


def read(folder: Path, text: str, mapping: dict[str, str] | None = None) -> Routes:
    """The routes of one file."""
    (folder / "k.yaml").write_text(text)
    found = manifests.read_all([folder / "k.yaml"])
    return build(found, Resolver(mapping or {}, lambda key: f"http://local/{key}"))


def trigger(spec: str, name: str = "t") -> str:
    """A Trigger of Broker default."""
    return HEAD.format("Trigger", name) + f"spec: {{broker: default, {spec}}}\n"


def test_a_file_with_more_in_it(tmp_path: Path) -> None:
    """Other kinds are passed over; lists are looked into; a Broker that no file declares gets the defaults."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n---\napiVersion: v1\nkind: List\nitems:\n- "
    text += json.dumps(
        {
            "apiVersion": "eventing.knative.dev/v1",
            "kind": "Broker",
            "metadata": {"name": "b", "namespace": "shop"},
        }
    )
    text += "\n---\n" + trigger("subscriber: {uri: http://127.0.0.1:1/}")
    found = read(tmp_path, text)
    assert {key: broker.declared for key, broker in found.by_key.items()} == {
        "shop/b": True,
        "shop/default": False,
    }
    assert list(found.triggers) == ["shop/t"]


def test_a_folder(tmp_path: Path) -> None:
    """A folder is read with its folders, hidden ones and other files not."""
    for name in ("a.yaml", "deep/er/b.yml", ".git/c.yaml", "notes.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(trigger("subscriber: {uri: http://h/}", Path(name).stem))
    assert [item.name[1] for item in manifests.read_all([tmp_path])] == ["a", "b"]


@pytest.mark.parametrize(
    ("subscriber", "url"),
    [
        ("{ref: {apiVersion: v1, kind: Service, name: orders}}", "http://127.0.0.1:1/"),
        ("{ref: {apiVersion: v1, kind: Service, name: orders, namespace: other}}", "http://127.0.0.1:2/"),
        (
            "{ref: {apiVersion: v1, kind: Service, name: orders}, uri: /events?x=1}",
            "http://127.0.0.1:1/events?x=1",
        ),
        ("{ref: {apiVersion: eventing.knative.dev/v1, kind: Broker, name: b2}}", "http://local/shop/b2"),
        ("{uri: 'http://orders.shop.svc.cluster.local/in'}", "http://127.0.0.1:1/in"),
        ("{uri: 'http://nobody.shop.svc.cluster.local/in'}", "http://nobody.shop.svc.cluster.local/in"),
        ("{uri: 'https://example.com/a b'}", "https://example.com/a%20b"),
    ],
)
def test_where_a_subscriber_is(tmp_path: Path, subscriber: str, url: str) -> None:
    """By uri, by ref with --map, a Broker by its local ingress; a cluster's name with a mapped Service too."""
    mapping = {"orders": "http://127.0.0.1:1/", "other/orders": "http://127.0.0.1:2/"}
    assert read(tmp_path, trigger(f"subscriber: {subscriber}"), mapping).triggers["shop/t"].subscriber == url


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            trigger("subscriber: {ref: {apiVersion: v1, kind: Service, name: orders}}"),
            "4:43",
            "where is orders?",
        ),
        (trigger("subscriber: {}"), "4:37", "neither uri nor ref"),
        (trigger("subscriber: {uri: orders}"), "4:43", "not an absolute http URL"),
        (trigger("subscriber: {uri: 'http://[::1'}"), "4:43", "not an absolute http URL"),
        (trigger("subscriber: {uri: 'http://a b/'}"), "4:43", "not an absolute http URL"),
        (trigger("subscriber: {uri: http://h/}, delivery: {retry: -1}"), "4:73", "invalid value: -1"),
        (trigger("subscriber: {uri: http://h/}, delivery: {retries: 1}"), "4:75", "unknown field retries"),
        (trigger("subscriber: {uri: http://h/}, filters: [{exact: {a-b: x}}]"), "4:79", "a-b"),
        (trigger("subscriber: {uri: http://h/}, subscribers: {}"), "4:68", "unknown field subscribers"),
        (HEAD.format("Trigger", "t") + "spec: {subscriber: {uri: http://h/}}", "4:7", "spec.broker"),
        (HEAD.format("Trigger", "t"), "1:1", "needs a spec"),
        (HEAD.format("Broker", "b") + "spec: {delivery: {timeout: PT0S}}", "4:28", "invalid value: PT0S"),
        (HEAD.format("Broker", "b") + "---\n" + HEAD.format("Broker", "b"), "7:18", "there twice"),
        ("apiVersion: eventing.knative.dev/v1alpha1\nkind: Trigger\n", "1:13", "no longer served"),
        ("a: [", "1:5", ""),
    ],
)
def test_mistakes_have_a_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    """file:line:column, what is wrong, and exit code 2."""
    if "a: [" in text:
        text = HEAD.format("Broker", "b") + text
        place = place.replace("1:", "4:")
    with pytest.raises(PlaitError) as caught:
        read(tmp_path, text)
    assert f"k.yaml:{place}: " in str(caught.value)
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """One run tells every mistake of every object."""
    text = (
        trigger("subscriber: {}, delivery: {retry: -1, backoffPolicy: fast}")
        + "---\n"
        + trigger("subscriber: {}", "u")
    )
    with pytest.raises(PlaitError) as caught:
        read(tmp_path, text)
    assert str(caught.value).count("k.yaml:") == 4


def test_all_that_is_nowhere_at_once(tmp_path: Path) -> None:
    """Subscribers and sinks beside other mistakes; the Broker's sink, which each Trigger has, once."""
    ref = "ref: {{apiVersion: v1, kind: Service, name: {}}}".format
    broker = HEAD.format("Broker", "default") + f"spec: {{delivery: {{deadLetterSink: {{{ref('dls')}}}}}}}\n"
    triggers = [trigger(f"subscriber: {{{ref(name)}}}", name) for name in ("a", "b")]
    own = f"subscriber: {{{ref('c')}}}, delivery: {{deadLetterSink: {{{ref('own')}}}}}"
    mapped = f"subscriber: {{{ref('d')}, uri: 'http://[::1'}}"
    documents = [broker, *triggers, trigger(own, "c"), trigger("subscriber: {}", "e"), trigger(mapped, "d")]
    with pytest.raises(PlaitError) as caught:
        read(tmp_path, "---\n".join(documents), {"d": "http://127.0.0.1:1/"})
    lines = [line.split(": ", 2)[2] for line in str(caught.value).splitlines() if not line.startswith("  ")]
    names = [line.rpartition("where is ")[2] for line in lines if "where is" in line]
    assert sorted(names) == ["a?", "b?", "c?", "dls?", "own?"]
    assert [line for line in lines if "where is" not in line] == [
        "spec.subscriber: neither uri nor ref is given",
        "spec.subscriber: not an absolute http URL: http://[::1",
    ]


@pytest.mark.parametrize("case", REJECTED["rejected"], ids=lambda case: case["name"])
def test_what_knative_s_webhook_rejects(case: dict[str, Any]) -> None:
    """Everything that the real webhook refused is refused here, at the same field."""
    spec = json.loads(json.dumps(case["spec"]).replace("{HOST}", "127.0.0.1:1"))
    with pytest.raises(PlaitError) as caught:
        routes(objects("s", {case["name"]: spec}))
    fields = [word for word in case["message"].replace(",", " ").split() if word.startswith("spec.")]
    assert all(field.rstrip(":") in str(caught.value) for field in fields)


def test_no_file_and_nothing_in_it(tmp_path: Path) -> None:
    """A path that is missing, or without a Broker and a Trigger, is an error."""
    (tmp_path / "other.yaml").write_text("a: 1\n")
    for path, message in ((tmp_path / "none", "no such file"), (tmp_path, "neither a Broker nor a Trigger")):
        with pytest.raises(PlaitError, match=message):
            manifests.read_all([path])


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1S", 1),
        ("PT0.2S", 0.2),
        ("PT0.19S", 0.1),
        ("PT0,55S", 0.5),
        ("PT0.05S", 0),
        ("PT1M", 60),
        ("P1DT1H", 90000),
        ("P1W", 604800),
        ("-PT1S", -1),
        ("P0", 0),
        ("PT2.S", 2),
        ("P1Y", 31556952),
        ("PT.5S", 0.5),
        ("PT.S", 0),
        ("PT-.5S", -0.5),
        ("PT1.5xS", 1.5),
        ("PT1.5S2H", 5400),
        ("P1DT", 86400),
        ("PT1M-30S", -90),
        ("-P-1D", 86400),
        ("P2W-1D", 1123200),
        ("+PT3S", 3),
        *(
            (text, None)
            for text in ("", "+", "P", "PT", "-P0", " P1D", "PT1_0S", "PT1S ", "PT5", "P1S", "PT٣S")
        ),
        ("PT99999999999999999999S", None),
    ],
)
def test_durations(text: str, length: float | None) -> None:
    """What Knative's library makes of it (period.Parse of rickb777/date 1.13.0 was run on each)."""
    if length is None:
        with pytest.raises(ValueError, match=r".*"):
            seconds(text)
    else:
        assert seconds(text) == length


@given(st.text(alphabet="PTHMSDWY0123456789.,-+ s", max_size=8))
def test_a_duration_or_an_error(text: str) -> None:
    """Any text is a duration of some length or refused, never anything else."""
    try:
        assert isinstance(seconds(text), float)
    except ValueError:
        assert text != "PT1S"


@given(st.integers(0, 10_000), st.sampled_from(["linear", "exponential"]), st.integers(0, 10**6))
def test_waits_are_bounded(attempt: int, backoff: str, delay: int) -> None:
    """However long the policy, a wait is between none and a day."""
    assert 0 <= Policy(retry=10, backoff=backoff, delay=delay / 10).wait(attempt, 500, None) <= 86400


def test_the_default_policy() -> None:
    """Nothing said: Knative's config-br-defaults."""
    (made,) = build(
        [
            Placed(
                {
                    "kind": "Trigger",
                    "metadata": {"name": "t"},
                    "spec": {"broker": "b", "subscriber": {"uri": "http://h/"}},
                }
            )
        ],
        Resolver({}, str),
    ).triggers.values()
    assert made.policy is KNATIVE_DEFAULT
    assert made.namespace == "default"
