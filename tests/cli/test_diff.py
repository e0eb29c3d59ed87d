"""plait diff: revisions of a real git, and environments."""

import json
from pathlib import Path

import pytest

from tests.cli.workspace import Workspace


@pytest.fixture
def history(staged: Workspace) -> Workspace:
    """Two commits: all promoted, then a third function and a new version in dev."""
    staged.git("init", "--quiet")
    staged.commit("All")
    staged.change(
        "  external:",
        "    audit:\n      runtime: container\n      image: registry.example.com/shop/audit:1\n"
        "      subscribes: [{type: com.example.order.paid}]\n  external:",
    )
    staged.ok("generate")
    staged.ok("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
    staged.commit("audit")
    return staged


AUDIT = """\
dev
  audit appears, registry.example.com/shop/audit:1
  orders: 1.0.0 -> 2.0.0
  com.example.order.paid now also reaches audit

  + Deployment audit
  ~ Deployment orders  spec.template.spec.containers[orders].image
  + Service audit
  + Trigger audit

staging
  no difference

production
  no difference
"""


@pytest.mark.parametrize("span", ["HEAD~1..HEAD", "HEAD~1", "HEAD~1.."])
def test_two_revisions(history: Workspace, span: str) -> None:
    """Each environment in words and objects; nothing is written."""
    before = history.files()
    assert history.ok("diff", span).out == AUDIT
    assert history.files() == before


def test_the_way_back(history: Workspace) -> None:
    """The other way round, everything turns round."""
    out = history.ok("diff", "HEAD..HEAD~1").out
    assert "  audit goes\n" in out
    assert "  com.example.order.paid no longer reaches audit\n" in out
    assert "  - Trigger audit\n" in out


def test_files_that_are_not_committed(history: Workspace) -> None:
    """FROM alone is held against what is there now."""
    history.ok("release", "dev", "orders=registry.example.com/shop/orders:3.0.0")
    assert "  orders: 2.0.0 -> 3.0.0\n" in history.ok("diff", "HEAD").out
    assert "orders" not in history.ok("diff", "HEAD..HEAD").out


def test_two_environments(history: Workspace) -> None:
    """What a promotion would carry, and what the platforms differ in; namespaces are no difference."""
    out = history.ok("diff", "staging..dev").out
    assert out.startswith("staging..dev\n")
    assert "  orders: 1.0.0 -> 2.0.0\n" in out
    assert "  + Trigger audit\n" in out
    assert "Namespace" not in history.ok("diff", "staging..staging").out


EMITS = "emits: [{type: com.example.order.paid, source: /shop/orders}"
CANCELLED = "{type: com.example.order.cancelled, source: /shop/orders}"


def test_what_is_emitted_alone(history: Workspace) -> None:
    """No object holds it: functions.yaml of then and now say it, and whom it reaches."""
    history.change(
        "subscribes: [{type: com.example.order.paid}]\n  external:",
        "subscribes: [{type: com.example.order.paid}, {type: com.example.order.cancelled}]\n  external:",
    )
    history.ok("generate")
    history.commit("audit listens")
    history.change(EMITS, f"{EMITS}, {CANCELLED}, {{type: com.example.order.lost}}")
    history.ok("generate")
    told = (
        "  orders now also emits com.example.order.cancelled from /shop/orders, which reaches audit\n"
        "  orders now also emits com.example.order.lost, which reaches nobody\n"
    )
    out = history.ok("diff", "HEAD").out
    assert told in out
    assert "staging\n  no difference\n" in out
    markdown = history.ok("diff", "HEAD", "--format", "markdown").out
    assert "- orders now also emits com.example.order.lost, which reaches nobody\n" in markdown
    history.commit("More")
    assert "  orders no longer emits com.example.order.lost\n" in history.ok("diff", "HEAD..HEAD~1").out


def test_what_is_emitted_and_may_reach(history: Workspace) -> None:
    """A filter over what is not declared leaves it open; a description is for people."""
    history.change(
        "subscribes: [{type: com.example.order.paid}]\n  external:",
        "subscribes: [{type: com.example.order.paid, subject: x}]\n  external:",
    )
    history.change(EMITS, "emits: [{type: com.example.order.paid, source: /shop/orders, description: Paid.}")
    history.ok("generate")
    assert "emits" not in history.ok("diff", "HEAD").out
    history.change("source: /shop/orders, description: Paid.", "source: /other")
    told = "orders now emits com.example.order.paid from /other, which reaches invoice and may reach audit"
    assert f"  {told}\n" in history.ok("diff", "HEAD").out


def test_what_is_emitted_between_environments(history: Workspace) -> None:
    """promoted/ does not hold it: where nothing is told, that is."""
    note = "  note: what staging's functions emit is not compared: promoted/ does not hold it\n"
    assert "emit" not in history.ok("diff", "staging..dev").out
    history.ok("promote", "dev", "staging")
    assert note in history.ok("diff", "staging..dev").out
    assert "emit" not in history.ok("diff", "dev..dev").out


def test_json(history: Workspace) -> None:
    """For programs."""
    data = json.loads(history.ok("diff", "HEAD~1..HEAD", "--format", "json").out)
    assert list(data) == ["dev", "staging", "production"]
    assert data["dev"]["meaning"][1] == "orders: 1.0.0 -> 2.0.0"
    assert data["dev"]["objects"][0] == {
        "kind": "Deployment",
        "name": "audit",
        "action": "added",
        "fields": [],
    }
    assert data["staging"] == {"meaning": [], "objects": [], "note": None}


def test_markdown(history: Workspace) -> None:
    """For a pull request."""
    out = history.ok("diff", "HEAD~1..HEAD", "--format", "markdown").out
    assert "### dev\n\n- audit appears, registry.example.com/shop/audit:1\n" in out
    assert "<details><summary>4 objects of dev</summary>\n\n- added Deployment audit\n" in out
    assert "### staging\n\nNo object of staging changes." in out


def test_before_there_was_a_functions_yaml(history: Workspace) -> None:
    """Everything appears."""
    history.git("checkout", "--quiet", "--orphan", "fresh")
    history.git("reset", "--quiet")
    history.write("README", "x")
    history.git("add", "README")
    history.git("commit", "--quiet", "--message", "Empty")
    out = history.ok("diff", "HEAD..main").out
    assert "  + Namespace shop\n" in out


@pytest.mark.parametrize("span", ["nope..HEAD", "HEAD..nope", "-x", "..HEAD", "HEAD..--output=x"])
def test_what_is_no_revision(history: Workspace, span: str) -> None:
    """It is named; nothing is taken for an option of git."""
    assert history.plait("diff", "--", span).code == 2


def test_entries_of_the_user(history: Workspace) -> None:
    """They are not applied, and that is said."""
    path = "overlays/dev/kustomization.yaml"
    history.write(path, history.read(path) + "namePrefix: x-\n")
    out = history.ok("diff", "HEAD").out
    assert "  note: overlays/dev holds entries of yours, which are not applied here\n" in out


def test_a_functions_yaml_of_then_with_mistakes(history: Workspace) -> None:
    """They are told as ever."""
    history.write(
        "functions.yaml", history.read("functions.yaml").replace("runtime: python", "runtime: perl")
    )
    history.commit("Broken")
    history.git("revert", "--no-edit", "HEAD")
    result = history.plait("diff", "HEAD~1..HEAD")
    assert result.code == 2
    assert "perl" in result.err


def test_below_the_root_of_the_repository(history: Workspace, tmp_path: Path) -> None:
    """A monorepo: what other folders hold does not count, links of theirs neither."""
    below = tmp_path / "team"
    below.mkdir()
    for name in ("functions.yaml", "functions", "base", "overlays"):
        (tmp_path / name).rename(below / name)
    (tmp_path / "link").symlink_to("/etc/hostname")
    history.write(".gitattributes", "overlays export-ignore\n")
    history.commit("Moved")
    assert history.ok("-C", "team", "check").err.startswith("all is well")
    assert "no difference" in history.ok("-C", "team", "diff", "HEAD").out
    history.ok("-C", "team", "release", "dev", "orders=registry.example.com/shop/orders:3.0.0")
    history.commit("3")
    assert "  orders: 2.0.0 -> 3.0.0\n" in history.ok("-C", "team", "diff", "HEAD~1..HEAD").out


def test_three_dots(history: Workspace) -> None:
    """They mean something else to git."""
    assert "has three dots" in history.plait("diff", "HEAD~1...HEAD").err
