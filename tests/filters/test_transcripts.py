"""The filters decide as a real Knative Broker did (statements 14 to 21 of docs/filters.md)."""

from typing import Any

import pytest

from plait.filters import FilterError, compile_trigger, mistakes
from tests.filters.transcripts import attributes, cases, delivered

CASES = list(cases())

AFTER_A_CRASH = {"f-cesql-types": range(1, 5)}
"""Requests that say nothing about filters: the first request of this case made Knative's filter crash (its q3
gives a text) again and again for 21 seconds, and the Broker then answered 500 to all others and delivered none,
not even what has neither a missing attribute nor a failing cast. f-cesql-nonbool, without retries, shows that a
crash alone does not disturb the next event."""

OTHER_FIELDS = {"policy", "delay", "negative", "timeout0", "ramax", "format"}
"""Rejected Triggers of f-rejected whose mistake is in their delivery, not in a filter."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_same_triggers_match(case: dict[str, Any]) -> None:
    """For every request, exactly the Triggers match that the Broker delivered to."""
    filters = {trigger["name"]: compile_trigger(trigger["spec"]) for trigger in case["triggers"]}
    for index, request in enumerate(case["requests"]):
        if index in AFTER_A_CRASH.get(case["id"], ()):
            continue
        event = attributes(request)
        verdicts = {name: item.verdict(event) for name, item in filters.items()}
        matching = {name for name, verdict in verdicts.items() if verdict.matches}
        assert matching == delivered(case, index), f"request {index}"
        assert all(filters[name].matches(event) is verdict.matches for name, verdict in verdicts.items())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_mismatch_has_a_reason(case: dict[str, Any]) -> None:
    """A verdict that does not match says why and where; one that matches says nothing."""
    for trigger in case["triggers"]:
        for request in case["requests"]:
            verdict = compile_trigger(trigger["spec"]).verdict(attributes(request))
            assert bool(verdict.reason) is bool(verdict.path) is not verdict.matches


@pytest.mark.parametrize("case", [case for case in CASES if case["id"] == "f-cesql-nonbool"])
def test_what_breaks_the_filter_is_told(case: dict[str, Any]) -> None:
    """The Broker answered 500 where an expression gave no boolean; those verdicts say that they are broken."""
    for index, request in enumerate(case["requests"]):
        verdicts = [compile_trigger(t["spec"]).verdict(attributes(request)) for t in case["triggers"]]
        assert case["responses"][index]["status"] == 500
        assert [verdict.broken for verdict in verdicts] == [True, True, False]


REJECTED = [(t["name"], t) for case in cases("f-rejected.json") for t in case["rejected"]]


@pytest.mark.parametrize(
    "trigger", [t for name, t in REJECTED if name not in OTHER_FIELDS], ids=lambda t: t["name"]
)
def test_what_the_webhook_rejects_is_an_error(trigger: dict[str, Any]) -> None:
    """Knative's message and place are in the error: `invalid key name "my-ext": spec.filters[0].exact[my-ext]`."""
    with pytest.raises(FilterError) as caught:
        compile_trigger(trigger["spec"])
    error = caught.value
    assert error.exit_code == 2
    assert error.hint
    assert error.where is not None
    message = trigger["message"].removeprefix("validation failed: ")
    if "multiple dialects" in message:
        assert message.startswith(error.message)
        assert error.where == "spec.filters[0]"
    else:
        assert error.where in message
        assert message.startswith(error.message.split(": ")[0])


@pytest.mark.parametrize("name", sorted(OTHER_FIELDS))
def test_other_fields_are_not_looked_at(name: str) -> None:
    """A mistake in `delivery` is for another to find."""
    assert not list(mistakes(dict(REJECTED)[name]["spec"]))
