"""plait promote --commit, --branch, --push and --format markdown: with a real git."""

from pathlib import Path

import pytest

from tests.cli.workspace import Workspace

STAGING = "overlays/staging"


@pytest.fixture
def released(staged: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Promoted and committed; a new version of orders is released in dev and committed too."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "T")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "t@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    staged.git("init", "--quiet")
    staged.commit("All")
    staged.ok("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
    staged.commit("orders 2.0.0 | with <b>")
    return staged


def subject(workspace: Workspace) -> str:
    """The last commit's first line."""
    return workspace.git("log", "-1", "--format=%s").strip()


def test_a_commit_of_the_promotion_alone(released: Workspace) -> None:
    """Title, what it means, and no other file; then the tree is clean."""
    result = released.ok("promote", "dev", "staging", "--commit")
    hash_ = released.git("rev-parse", "--short", "HEAD").strip()
    assert f"committed {hash_}: Promote dev to staging: orders 2.0.0" in result.err
    assert released.git("log", "-1", "--format=%B") == (
        "Promote dev to staging: orders 2.0.0\n\n- orders: 1.0.0 -> 2.0.0\n\n"
    )
    changed = released.git("show", "--name-only", "--format=", "HEAD").split()
    assert all(path.startswith(f"{STAGING}/orders/") for path in changed)
    assert released.git("status", "--porcelain") == ""


def test_a_branch(released: Workspace) -> None:
    """The branch that was there stays where it was."""
    before = released.git("rev-parse", "HEAD")
    released.ok("promote", "dev", "staging", "--branch", "promote/orders")
    assert released.git("branch", "--show-current").strip() == "promote/orders"
    assert released.git("rev-parse", "main") == before


def test_a_branch_that_is_there(released: Workspace) -> None:
    """Nothing is written."""
    released.git("branch", "taken")
    err = released.refused("promote", "dev", "staging", "--branch", "taken")
    assert "a branch named 'taken' already exists" in err
    assert released.git("status", "--porcelain") == ""


def test_nothing_to_promote(released: Workspace) -> None:
    """No empty commit, no branch."""
    released.ok("promote", "dev", "staging", "--commit")
    before = released.git("rev-parse", "HEAD")
    released.ok("promote", "dev", "staging", "--branch", "again")
    assert released.git("rev-parse", "HEAD") == before
    assert released.git("branch", "--show-current").strip() == "main"


@pytest.mark.parametrize("name", ["functions.yaml", "new.txt"])
def test_a_dirty_tree(released: Workspace, name: str) -> None:
    """What is not committed is listed, with the way out."""
    released.write(name, (released.read(name) if released.path(name).exists() else "") + "# more\n")
    err = released.refused("promote", "dev", "staging", "--commit")
    assert f" {name}\n" in err
    assert "git stash --include-untracked" in err


def test_never_a_push_unless_asked(released: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    """--commit leaves the remote alone; --push sends the new branch."""
    remote: Path = tmp_path_factory.mktemp("remote")
    released.git("init", "--quiet", "--bare", str(remote))
    released.git("remote", "add", "origin", str(remote))
    released.ok("promote", "dev", "staging", "--commit")
    assert released.git("ls-remote", "origin") == ""
    result = released.ok("promote", "staging", "production", "--branch", "to-production", "--push")
    assert result.err.endswith("pushed to-production to origin\n")
    assert released.git("ls-remote", "origin").split()[1:] == ["refs/heads/to-production"]


def test_outside_of_git(staged: Workspace) -> None:
    """git's own words, and nothing is written."""
    staged.ok("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
    assert "not a git repository" in staged.refused("promote", "dev", "staging", "--commit")


def test_a_dry_run_commits_nothing(released: Workspace) -> None:
    """The two contradict one another."""
    assert released.refused("promote", "dev", "staging", "--commit", "--dry-run", code=2)


def test_the_text_of_a_pull_request(released: Workspace) -> None:
    """Versions with the commits that released them, what it means, and the objects."""
    commit = released.git("log", "-1", "--format=%h").strip()
    before = released.files()
    result = released.ok("promote", "dev", "staging", "--format", "markdown", "--dry-run")
    assert released.files() == before
    assert (
        result.out
        == f"""\
## Promote dev to staging: orders 2.0.0

| function | before | after | released by |
|---|---|---|---|
| orders | `1.0.0` | `2.0.0` | {commit} orders 2.0.0 \\| with \\<b> |

What it means:

- orders: 1.0.0 -> 2.0.0

<details><summary>1 object of staging</summary>

- changed Deployment orders: `spec.template.spec.containers[orders].image`

</details>
"""
    )


def test_each_version_has_its_own_commit(
    released: Workspace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all commits the last that touched the function; git is asked once for all, and not where nobody reads it."""
    orders = released.git("log", "-1", "--format=%h").strip()
    released.ok("release", "dev", "invoice=registry.example.com/shop/invoice:3.0.0")
    released.commit("invoice 3.0.0")
    invoice = released.git("log", "-1", "--format=%h").strip()
    released.write("README", "x")
    released.commit("Nothing of it")
    log = tmp_path_factory.mktemp("trace") / "git.log"
    monkeypatch.setenv("GIT_TRACE", str(log))
    out = released.ok("promote", "dev", "staging", "--format", "markdown", "--dry-run").out
    assert f"| invoice | `1.0.0` | `3.0.0` | {invoice} invoice 3.0.0 |\n" in out
    assert f"| orders | `1.0.0` | `2.0.0` | {orders} orders 2.0.0 " in out
    assert log.read_text().count("git log") == 1
    released.ok("promote", "dev", "staging")
    assert log.read_text().count("git log") == 1


def test_markdown_and_the_promotion_itself(released: Workspace) -> None:
    """Without --dry-run the text comes, and the promotion is done."""
    assert released.ok("promote", "dev", "staging", "--format", "markdown").out.startswith("## Promote dev")
    assert "2.0.0" in released.read(f"{STAGING}/orders/promoted/kustomization.yaml") + released.read(
        f"{STAGING}/orders/kustomization.yaml"
    )


def test_a_function_that_goes(released: Workspace) -> None:
    """It is named, and so is what no longer reaches it."""
    text = released.read("functions.yaml")
    start, end = text.index("    invoice:"), text.index("  external:")
    released.write("functions.yaml", text[:start] + text[end:])
    released.ok("generate")
    released.commit("No invoice")
    released.ok("promote", "dev", "staging", "--commit")
    assert subject(released) == "Promote dev to staging: without invoice, orders 2.0.0"
    message = released.git("log", "-1", "--format=%B")
    assert "- invoice goes\n" in message
    assert "- com.example.order.paid no longer reaches invoice\n" in message


def test_a_branch_without_a_name(released: Workspace) -> None:
    """An unset variable of a CI service must not send a promotion to the branch that is there."""
    for branch in ("", " "):
        err = released.refused("promote", "dev", "staging", "--branch", branch, "--push", code=2)
        assert "--branch needs a name" in err


def test_a_push_that_failed_is_tried_again(
    released: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The commit stands; the same command pushes it."""
    remote = tmp_path_factory.mktemp("remote")
    released.git("remote", "add", "origin", str(remote / "nowhere"))
    result = released.plait("promote", "dev", "staging", "--push")
    assert result.code == 1
    assert "hint: it is committed; push it later: git push --set-upstream origin main" in result.err
    released.git("init", "--quiet", "--bare", str(remote / "nowhere"))
    assert released.ok("promote", "dev", "staging", "--push").err.endswith("pushed main to origin\n")
    assert "refs/heads/main" in released.git("ls-remote", "origin").split()


def test_a_detached_head(released: Workspace) -> None:
    """As CI services check out: there is no branch to push, and nothing is written."""
    released.git("checkout", "--quiet", "--detach")
    assert "HEAD is on no branch" in released.refused("promote", "dev", "staging", "--push")
    released.ok("promote", "dev", "staging", "--commit")


def test_a_hook_that_refuses(released: Workspace) -> None:
    """Nothing stays staged, and it is said what stands."""
    hook = released.path(".git/hooks/pre-commit")
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    result = released.plait("promote", "dev", "staging", "--commit")
    assert result.code == 1
    assert "error: git commit: exit code 1\n  hint: the files are written and not committed" in result.err
    assert released.git("diff", "--cached", "--name-only") == ""


def test_files_that_git_ignores(released: Workspace) -> None:
    """A promotion is committed whole."""
    released.write(".gitignore", "promoted/\n")
    released.commit("Ignore")
    released.ok("promote", "dev", "staging", "--commit")
    assert released.git("status", "--porcelain") == ""


def test_the_wrong_way_round(released: Workspace) -> None:
    """The hint is the command that was meant, and makes no circle."""
    assert "did you mean: plait promote dev staging" in released.refused("promote", "staging", "dev")
