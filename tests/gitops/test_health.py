"""What Argo CD and Flux make of Knative's statuses: plait's Lua in a real Lua 5.1, its CEL in a real CEL."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cel
import pytest
import yaml
from lupa.lua51 import LuaError, LuaRuntime

from plait.gitops import health

ROOT = Path(__file__).parents[2]
RECORDED = [
    json.loads(line)
    for line in (ROOT / "tests" / "data" / "health" / "statuses.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
# Argo CD opens the base, package and table libraries alone, and two functions of os: util/lua/lua.go there.
NO_LIBRARY = "string, io, math, coroutine, debug, os = nil"

# Kind and case: what Argo CD shall say, what Flux shall say.
EXPECTED: Mapping[str, Mapping[str, tuple[str | None, str]]] = {
    "Broker": {
        "no status": ("Progressing", "InProgress"),
        "unknown": ("Progressing", "InProgress"),
        "channel without address": ("Progressing", "InProgress"),
        "no such configuration": ("Degraded", "InProgress"),
        "ingress down": ("Degraded", "InProgress"),
        "dead letter sink missing": ("Degraded", "InProgress"),
        "ready": ("Healthy", "Current"),
        "behind": ("Progressing", "InProgress"),
        "being deleted": ("Progressing", "InProgress"),
        "kafka, not probed yet": ("Progressing", "InProgress"),
    },
    "Trigger": {
        "no status": ("Progressing", "InProgress"),
        "unknown": ("Progressing", "InProgress"),
        "broker missing": ("Degraded", "InProgress"),
        "broker not reconciled": ("Progressing", "InProgress"),
        "broker's channel without address": ("Progressing", "InProgress"),
        "subscriber missing": ("Degraded", "InProgress"),
        "ready": ("Healthy", "Current"),
        "behind": ("Progressing", "InProgress"),
        "being deleted": ("Progressing", "InProgress"),
    },
    "Service": {
        "no status": (None, "InProgress"),
        "unknown": (None, "InProgress"),
        "out of date": (None, "InProgress"),
        "revision failed": (None, "Failed"),
        "ready": (None, "Current"),
        "behind": (None, "InProgress"),
        "being deleted": (None, "InProgress"),
    },
}
every_status = pytest.mark.parametrize(
    "recorded", RECORDED, ids=lambda recorded: f"{recorded['object']['kind']}: {recorded['case']}"
)


def sandbox() -> LuaRuntime:
    """Lua as Argo CD opens it."""
    lua = LuaRuntime(register_eval=False, register_builtins=False)
    lua.execute(NO_LIBRARY)
    return lua


def argocd(obj: Mapping[str, Any]) -> dict[str, str]:
    """Run the script of the object's kind as Argo CD does, the object in the global `obj`."""
    group = obj["apiVersion"].partition("/")[0]
    lua = sandbox()
    lua.globals()["obj"] = lua.table_from(obj, recursive=True)
    return dict(lua.execute(health.lua()[f"{group}_{obj['kind']}"]))


def flux(obj: Mapping[str, Any]) -> str:
    """Evaluate as Flux does (github.com/fluxcd/pkg/runtime/cel, status_evaluator.go); an error is Unknown."""
    checks = {(check["apiVersion"], check["kind"]): check for check in health.cel()}
    check = checks[obj["apiVersion"], obj["kind"]]
    seen = obj.get("status", {}).get("observedGeneration")
    if seen is not None and seen != obj["metadata"]["generation"]:
        return "InProgress"
    for field, status in (("inProgress", "InProgress"), ("failed", "Failed"), ("current", "Current")):
        try:
            if field in check and cel.evaluate(check[field], dict(obj)):
                return status
        except RuntimeError:
            return "Unknown"
    return "InProgress"


def test_every_status_is_expected() -> None:
    """No recorded status without an expectation, and none expected that is not recorded."""
    recorded = {(item["object"]["kind"], item["case"]) for item in RECORDED}
    assert recorded == {(kind, case) for kind, cases in EXPECTED.items() for case in cases}
    assert len(recorded) == len(RECORDED)


@every_status
def test_argo_cd(recorded: dict[str, Any]) -> None:
    """Broker and Trigger; Argo CD has its own check of the Service."""
    kind = recorded["object"]["kind"]
    expected, _ = EXPECTED[kind][recorded["case"]]
    if expected is None:
        assert f"serving.knative.dev_{kind}" not in health.lua()
    else:
        assert argocd(recorded["object"])["status"] == expected


@every_status
def test_flux(recorded: dict[str, Any]) -> None:
    """All three kinds."""
    _, expected = EXPECTED[recorded["object"]["kind"]][recorded["case"]]
    assert flux(recorded["object"]) == expected


@pytest.mark.parametrize("recorded", [item for item in RECORDED if item["case"] == "no status"])
def test_without_any_status(recorded: dict[str, Any]) -> None:
    """Nobody has written one yet: Argo CD goes on waiting, and so does Flux, whose expression fails."""
    obj = {key: value for key, value in recorded["object"].items() if key != "status"}
    assert flux(obj) == "Unknown"
    if obj["kind"] != "Service":
        assert argocd(obj)["status"] == "Progressing"


def test_argo_cd_says_why() -> None:
    """The message is Knative's own: reason and text of the condition."""
    (missing,) = (item["object"] for item in RECORDED if item["case"] == "broker missing")
    assert argocd(missing)["message"] == 'Ready is False, BrokerDoesNotExist: Broker "default" does not exist'


def test_the_sandbox_has_no_library() -> None:
    """A script that reaches for one fails here, as it would in Argo CD."""
    with pytest.raises(LuaError, match="string"):
        sandbox().execute("return string.format('%d', 1)")


def test_the_page_for_openshift_shows_these_checks() -> None:
    """Its ArgoCD object holds the same script for each kind."""
    page = (ROOT / "docs" / "gitops-openshift.md").read_text(encoding="utf-8")
    blocks = [part.partition("```")[0] for part in page.split("```yaml\n")[1:]]
    (checks,) = (block for block in blocks if "resourceHealthChecks" in block)
    shown = yaml.safe_load(checks)["spec"]["resourceHealthChecks"]
    assert {f"{item['group']}_{item['kind']}": item["check"] for item in shown} == health.lua()
