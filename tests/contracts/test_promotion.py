"""A contract that changes is told in diff and promote, with those whom it concerns."""

import json
from pathlib import Path
from typing import Any

import pytest

from plait.cli.main import run
from plait.yamlio import plain
from tests.cli.workspace import Workspace
from tests.contracts.shop import PAID, PATH, SCHEMA, put, spec, write
from tests.support import kustomize

CHANGED = {
    "type": "object",
    "required": ["order"],
    "properties": {"order": {"type": "string"}, "total": {"type": "string"}, "currency": {"type": "string"}},
}
STEPS = (
    "total is no longer required; total is a string, no longer a number; "
    "minimum of total is not set, no longer 0; currency is added"
)
SENTENCE = f"the contract of {PAID} changes, breaking: audit takes it ({STEPS})"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """Generated, promoted, committed; then the schema changes."""
    monkeypatch.chdir(tmp_path)
    workspace = Workspace(write(tmp_path), capsys)
    workspace.ok("generate")
    workspace.ok("promote", "dev", "live")
    workspace.git("init", "--quiet")
    workspace.commit("One")
    put(tmp_path, {PATH: CHANGED})
    workspace.ok("generate")
    return workspace


def meaning(shop: Workspace, span: str) -> dict[str, list[str]]:
    """The sentences of plait diff."""
    return {
        name: found["meaning"]
        for name, found in json.loads(shop.ok("diff", span, "--format", "json").out).items()
    }


def test_a_diff_names_who_takes_it(shop: Workspace) -> None:
    """Where it has changed; nothing in an environment before its promotion."""
    assert meaning(shop, "HEAD") == {"dev": [SENTENCE], "live": []}
    assert meaning(shop, "live..dev") == {"live..dev": [SENTENCE]}


def test_a_promotion_names_who_takes_it(shop: Workspace) -> None:
    """In its text, and in the commit message; afterwards the environment has it."""
    assert (
        f"- {SENTENCE}".replace("_", "\\_")
        in shop.ok("promote", "dev", "live", "--format", "markdown", "--dry-run").out
    )
    shop.commit("Two")
    shop.ok("promote", "dev", "live", "--commit")
    assert f"- {SENTENCE}\n" in shop.git("log", "-1", "--format=%B")
    assert meaning(shop, "HEAD~1..HEAD") == {"dev": [], "live": [SENTENCE]}
    assert meaning(shop, "live..dev") == {"live..dev": []}


def test_one_without_the_other(shop: Workspace) -> None:
    """Who emits goes ahead of who takes, or the other way round: that is said."""
    other = f"audit takes {PAID} by another contract than orders emits it by"
    shop.ok("promote", "dev", "live", "orders")
    assert meaning(shop, "HEAD")["live"] == [SENTENCE, other]
    shop.git("checkout", "--", "overlays")
    shop.ok("promote", "dev", "live", "audit")
    assert meaning(shop, "HEAD")["live"] == [other]


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        (
            {**SCHEMA, "required": [*SCHEMA["required"], "x"]},
            "changes, compatible: audit takes it (x is now required)",
        ),
        (
            {**SCHEMA, "pattern": "x"},
            "changes, perhaps breaking: audit takes it (pattern of the data changes)",
        ),
        ({**SCHEMA, "title": "Paid"}, "changes in texts for people alone: audit takes it"),
    ],
)
def test_other_verdicts(shop: Workspace, schema: Any, sentence: str) -> None:
    """Compatible, perhaps breaking, and nothing but texts."""
    put(shop.root, {PATH: schema})
    shop.ok("generate")
    assert meaning(shop, "HEAD")["dev"] == [f"the contract of {PAID} {sentence}"]


def test_a_first_contract_and_its_end(shop: Workspace) -> None:
    """Of an event that had none; a function that is new brings its own without a word."""
    shop.commit("Two")
    write(shop.root, {PATH: CHANGED}, events={})
    shop.ok("generate")
    assert meaning(shop, "HEAD")["dev"] == []
    shop.commit("Three")
    assert not shop.path("base/audit/contracts.yaml").exists()


def test_events_from_outside(shop: Workspace) -> None:
    """Nobody here emits them: who takes them says what the contract is."""
    placed = "com.example.order.placed"
    write(shop.root, {PATH: CHANGED}, events={placed: {"schema": PATH}})
    shop.ok("generate")
    shop.commit("Two")
    put(shop.root, {PATH: {**CHANGED, "required": []}})
    shop.ok("generate")
    assert meaning(shop, "HEAD")["dev"] == [
        f"the contract of {placed} changes, breaking: orders takes it (order is no longer required)"
    ]


def test_contracts_are_for_git_alone(shop: Workspace) -> None:
    """No cluster gets them: neither by kustomize nor by render; labels of the environment make no patch."""
    shop.ok("promote", "dev", "live")
    assert "order is" not in shop.read("overlays/live/audit/promoted/contracts.yaml")
    assert json.loads(spec_of(shop, "overlays/live/audit/promoted/contracts.yaml")["takes"][PAID]) == CHANGED
    for environment in ("dev", "live"):
        built = kustomize.builder("kubectl")(shop.root / "overlays" / environment)
        assert {item["kind"] for item in built} == {"Namespace", "Broker", "Deployment", "Service", "Trigger"}
        assert "Contracts" not in shop.ok("render", environment).out
        assert not list((shop.root / "overlays" / environment).rglob("plait-contracts.yaml"))


def spec_of(shop: Workspace, path: str) -> Any:
    """The spec in a file."""
    return plain(shop.read(path))[0]["spec"]


def test_what_was_promoted_is_not_edited_by_hand(shop: Workspace) -> None:
    """It is a file of plait's, as every other in promoted/."""
    path = "overlays/live/audit/promoted/contracts.yaml"
    shop.write(path, shop.read(path).replace("number", "string"))
    assert run(["check"]) == 1
    assert "hand-edit" in shop.plait("check").out


def test_a_subscription_to_everything_takes_it(shop: Workspace) -> None:
    """So does one by a prefix."""
    functions = spec()["spec"]["functions"]
    functions["log"] = {**functions["audit"], "subscribes": [{}]}
    functions["prefix"] = {**functions["audit"], "subscribes": [{"filters": [{"prefix": {"type": "com."}}]}]}
    functions["other"] = {**functions["audit"], "subscribes": [{"type": "x"}]}
    write(shop.root, functions=functions)
    shop.ok("generate")
    found = {path.parent.name for path in shop.root.glob("base/*/contracts.yaml")}
    assert found == {"orders", "audit", "log", "prefix"}
    shop.commit("Two")
    put(shop.root, {PATH: {**SCHEMA, "required": []}})
    shop.ok("generate")
    assert "breaking: audit, log and prefix take it (" in meaning(shop, "HEAD")["dev"][0]
