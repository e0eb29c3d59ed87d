"""plait check: each rule failing and passing, and the exit codes."""

import json
from typing import Any

import pytest

from tests.cli.workspace import Result, Workspace

IMAGE = "      image: registry.example.com/shop/invoice:1.0.0\n"
DEAD = "    dead:\n      runtime: container\n      image: registry.example.com/shop/dead:1.0.0\n"


def findings(workspace: Workspace, *args: str, code: int = 0) -> list[dict[str, Any]]:
    """What it finds, as JSON."""
    result = workspace.plait(*args, "check", "--format", "json")
    assert (result.code, result.err) == (code, ""), result
    found: list[dict[str, Any]] = json.loads(result.out)
    return found


def finding(**fields: Any) -> dict[str, Any]:
    """One finding."""
    return {"level": "error", "line": 1, "column": 1, "hint": None, "quoted": None, **fields}


def places(found: list[dict[str, Any]]) -> list[str]:
    """Rule and place of each finding."""
    return [f"{item['rule']} {item['path']}:{item['line']}:{item['column']}" for item in found]


def test_all_is_well(staged: Workspace) -> None:
    """Every rule passes; it says so on stderr."""
    assert staged.ok("check") == Result(0, "", "all is well: no mistakes, no hand edits, no drift\n")
    assert staged.ok("check", "--strict").code == 0
    assert findings(staged) == []


def test_spec(staged: Workspace) -> None:
    """Every mistake, with its line; nothing else is looked at. Exit code 2."""
    staged.change("runtime: node", "runtime: nod")
    staged.change("namespace: shop", "namespace: Shop")
    staged.path("base/broker.yaml").unlink()
    found = findings(staged, code=2)
    assert places(found) == ["spec functions.yaml:5:14", "spec functions.yaml:14:16"]
    assert found[1] == finding(
        rule="spec",
        path="functions.yaml",
        line=14,
        column=16,
        message="'nod' is not one of python, node, wasm, container",
        hint="did you mean 'node'?",
        quoted="      runtime: nod",
    )


def test_flow(staged: Workspace) -> None:
    """An event that nobody subscribes to is a warning, at its line."""
    staged.change("[{type: com.example.order.paid}]", "[{type: com.example.order.placed}]")
    staged.ok("generate")
    assert findings(staged) == [
        finding(
            level="warning",
            rule="unheard-event",
            path="functions.yaml",
            line=12,
            column=15,
            message="nobody subscribes to com.example.order.paid, which orders emits",
            quoted="      emits: [{type: com.example.order.paid, source: /shop/orders}]",
        )
    ]


def test_secret(staged: Workspace) -> None:
    """A text that looks like a secret is a warning; a reference to one passes."""
    staged.change(IMAGE, f"{IMAGE}      env: {{API_TOKEN: abc}}\n")
    staged.ok("generate")
    assert places(findings(staged)) == ["secret functions.yaml:17:24"]
    staged.change("API_TOKEN: abc", "API_TOKEN: {secret: {name: api, key: token}}")
    staged.ok("generate")
    assert findings(staged) == []


def test_hand_edit(staged: Workspace) -> None:
    """Of a value; other formatting is drift."""
    staged.change("port: 80", "port: 81", "base/orders/service.yaml")
    assert findings(staged, code=1) == [
        finding(
            rule="hand-edit",
            path="base/orders/service.yaml",
            message="is plait's, and edited by hand",
            hint="change functions.yaml, or add a patch of your own; plait generate --force overwrites it",
        )
    ]
    staged.change("port: 81", "port:  80", "base/orders/service.yaml")
    assert places(findings(staged, code=1)) == ["drift base/orders/service.yaml:1:1"]


def test_user_entry(staged: Workspace) -> None:
    """What stops a folder from being removed."""
    path = "overlays/dev/invoice/kustomization.yaml"
    staged.write(path, f"{staged.read(path)}labels:\n- pairs: {{team: shop}}\n")
    assert findings(staged) == []
    start, end = staged.read("functions.yaml").split("    invoice:\n")
    staged.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    found = [item for item in findings(staged, code=1) if item["rule"] == "user-entry"]
    assert found == [
        finding(
            rule="user-entry",
            path=path,
            message="its folder goes, but holds labels, which is yours",
            hint="move it elsewhere or delete it",
        )
    ]


def test_drift(staged: Workspace) -> None:
    """Files that are missing, not as they should be, or left over."""
    staged.path("base/broker.yaml").unlink()
    left = staged.read("base/orders/service.yaml")
    staged.write("base/gone/service.yaml", left)
    staged.change("orders\n", "", "overlays/dev/kustomization.yaml")
    found = findings(staged, code=1)
    assert {item["hint"] for item in found} == {"run plait generate"}
    assert [(item["path"], item["message"]) for item in found] == [
        ("base/broker.yaml", "is not what functions.yaml says"),
        ("overlays/dev/kustomization.yaml", "is not what functions.yaml says"),
        ("base/gone/service.yaml", "is left over"),
    ]
    staged.ok("generate")
    assert findings(staged) == []


def test_a_tree_that_was_never_generated(shop: Workspace) -> None:
    """All of it is drift."""
    assert {item["rule"] for item in findings(shop, code=1)} == {"drift"}


def test_dead_letter(shop: Workspace) -> None:
    """A sink that a gated environment lacks is a warning until it is promoted."""
    broker = "  broker: {name: default, delivery: {deadLetter: {function: dead}}}\n"
    shop.change("  namespace: shop\n", f"  namespace: shop\n{broker}")
    shop.change("  external", f"{DEAD}  external")
    shop.change("    production: {platform: openshift, promotesFrom: staging}\n", "")
    shop.ok("generate")
    assert findings(shop) == [
        finding(
            level="warning",
            rule="dead-letter",
            path="overlays/staging/kustomization.yaml",
            message="Broker default sends dead letters to dead, which staging lacks",
            hint="plait promote dev staging",
        )
    ]
    shop.ok("promote", "dev", "staging")
    assert findings(shop) == []


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("overlays/dev/kustomization.yaml", "resources: [a\n", "tree overlays/dev/kustomization.yaml:"),
        (
            "overlays/dev/orders/kustomization.yaml",
            "base: {\n",
            "tree overlays/dev/orders/kustomization.yaml:",
        ),
        ("overlays/dev/kustomization.yaml", "<<<<<<< ours\n", "tree overlays/dev/kustomization.yaml:"),
        ("overlays/dev/kustomization.yaml", "- a\n", "tree overlays/dev/kustomization.yaml:1:1"),
        (
            "overlays/staging/orders/promoted/service.yaml",
            "a: [",
            "tree overlays/staging/orders/promoted/service",
        ),
    ],
)
def test_overlays_that_cannot_be_read(staged: Workspace, path: str, text: str, place: str) -> None:
    """They are findings like any other, and exit 1."""
    staged.write(path, text)
    (found,) = places(findings(staged, code=1))
    assert found.startswith(place)


def test_every_file_that_cannot_be_read(staged: Workspace) -> None:
    """One run shows them all, beside the warnings of functions.yaml."""
    staged.change("[{type: com.example.order.paid}]", "[{type: com.example.order.placed}]")
    staged.write("overlays/dev/kustomization.yaml", "a: [\n")
    staged.write("overlays/production/kustomization.yaml", "a: {\n")
    staged.path("overlays/staging/orders/promoted/service.yaml").unlink()
    found = findings(staged, code=1)
    assert [(item["rule"], item["path"]) for item in found] == [
        ("unheard-event", "functions.yaml"),
        ("tree", "overlays/dev/kustomization.yaml"),
        ("tree", "overlays/production/kustomization.yaml"),
        ("tree", "overlays/staging/orders/promoted/service.yaml"),
    ]
    assert found[-1]["message"] == "missing from a promotion that was cut short"
    assert found[-1]["hint"] == (
        "run plait promote again, or take it from Git: "
        "git restore --source HEAD --staged --worktree overlays/staging/orders/promoted"
    )


def test_a_symbolic_link(staged: Workspace) -> None:
    """It may lead out of the repository."""
    staged.path("base/link.yaml").symlink_to("broker.yaml")
    found = findings(staged, "-C", str(staged.root), code=1)
    assert places(found) == [f"tree {staged.root}/base/link.yaml:1:1"]


def test_an_override_of_a_function_that_is_nowhere(staged: Workspace) -> None:
    """It is a mistake of functions.yaml, though only the tree can tell."""
    staged.change(
        "openshift, promotesFrom: staging}",
        "openshift, promotesFrom: staging, functions: {x: {replicas: 2}}}",
    )
    found = findings(staged, code=2)
    assert places(found) == ["tree functions.yaml:1:1"]
    assert found[0]["message"] == "spec.environments.production.functions: no function named 'x'"


def test_code_that_cannot_be_taken(shop: Workspace) -> None:
    """A source folder without its entry file."""
    shop.change(IMAGE, f"{IMAGE}      packaging: configMap\n")
    shop.path("functions/invoice/index.js").unlink()
    (found,) = findings(shop, code=1)
    assert (found["rule"], found["path"]) == ("tree", "functions.yaml")
    assert "index.js" in found["message"]


@pytest.mark.parametrize(("args", "code"), [([], 0), (["--strict"], 1)])
def test_warnings_and_strict(staged: Workspace, args: list[str], code: int) -> None:
    """Exit 0, or 1 where the pipeline wants it."""
    staged.change("[{type: com.example.order.paid}]", "[{type: com.example.order.placed}]")
    staged.ok("generate")
    result = staged.plait("check", *args)
    assert (result.code, result.err) == (code, "0 errors, 1 warning\n")


def test_paths_are_as_seen_from_here(staged: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a monorepo, annotations need the path from its root."""
    staged.change("runtime: node", "runtime: nod")
    monkeypatch.chdir(staged.root.parent)
    found = findings(staged, "-C", staged.root.name, code=2)
    assert places(found) == [f"spec {staged.root.name}/functions.yaml:14:16"]
