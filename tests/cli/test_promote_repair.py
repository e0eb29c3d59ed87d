"""A promotion that is broken on disk: said by every command, repaired by promoting again."""

import pytest

from tests.cli.workspace import CODE, Workspace

PROMOTED = "overlays/staging/orders/promoted"
IMAGE = "      image: registry.example.com/shop/orders:1.0.0\n"


def conflict(workspace: Workspace, path: str) -> None:
    """Leave a merge conflict in a file, as git does."""
    text = workspace.read(path)
    workspace.write(path, f"<<<<<<< ours\n{text}=======\n{text}# theirs\n>>>>>>> theirs\n")


def delete(workspace: Workspace, path: str) -> None:
    """Lose a file."""
    workspace.path(path).unlink()


@pytest.fixture
def staged(shop: Workspace) -> Workspace:
    """All three stages; the code of orders is in Git."""
    shop.change(IMAGE, IMAGE + CODE)
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    shop.ok("promote", "staging", "production")
    return shop


@pytest.mark.parametrize("spoil", [delete, conflict])
@pytest.mark.parametrize("name", ["deployment.yaml", "kustomization.yaml", "trigger-orders.yaml"])
def test_promoting_again_repairs(staged: Workspace, spoil: object, name: str) -> None:
    """Whatever is missing or unreadable, the tree is as before."""
    assert callable(spoil)
    before = staged.files()
    spoil(staged, f"{PROMOTED}/{name}")
    staged.ok("promote", "dev", "staging")
    assert staged.files() == before


@pytest.mark.parametrize("spoil", [delete, conflict])
def test_promoting_a_named_function_repairs_it(staged: Workspace, spoil: object) -> None:
    """The others need not be ready to go."""
    assert callable(spoil)
    staged.ok("release", "dev", "invoice=registry.example.com/shop/invoice:2")
    before = staged.files()
    spoil(staged, f"{PROMOTED}/deployment.yaml")
    staged.ok("promote", "dev", "staging", "orders")
    assert staged.files() == before


@pytest.mark.parametrize("name", ["broker.yaml", "kustomization.yaml"])
def test_namespace_and_broker_are_repaired_too(staged: Workspace, name: str) -> None:
    """Even without --environment: there is no other way back but git."""
    before = staged.files()
    delete(staged, f"overlays/staging/_environment/promoted/{name}")
    staged.ok("promote", "dev", "staging")
    assert staged.files() == before


def test_lost_code_is_repaired(staged: Workspace) -> None:
    """A promotion is its code too."""
    before = staged.files()
    delete(staged, f"{PROMOTED}/code/function.py")
    staged.ok("promote", "dev", "staging")
    assert staged.files() == before


def test_all_of_promoted_is_lost(staged: Workspace) -> None:
    """The folder around it still says that the function was promoted: it must not vanish silently."""
    before = staged.files()
    for path in [path for path in before if path.startswith(f"{PROMOTED}/")]:
        staged.path(path).unlink()
    staged.refused("generate")
    staged.ok("promote", "dev", "staging")
    assert staged.files() == before


def test_entries_of_the_user_around_it_stay(staged: Workspace) -> None:
    """The repair is of promoted/ alone."""
    path = "overlays/staging/orders/kustomization.yaml"
    staged.write(path, f"# ours\n{staged.read(path)}labels:\n- pairs: {{team: shop}}\n")
    before = staged.files()
    delete(staged, f"{PROMOTED}/deployment.yaml")
    staged.ok("promote", "dev", "staging")
    assert staged.files() == before


@pytest.mark.parametrize("command", [["generate"], ["render", "staging"], ["release", "dev", "orders"]])
def test_other_commands_name_the_file(staged: Workspace, command: list[str]) -> None:
    """And how it is mended."""
    delete(staged, f"{PROMOTED}/deployment.yaml")
    assert staged.refused(*command) == (
        f"error: {PROMOTED}/deployment.yaml: missing from a promotion that was cut short\n"
        "  hint: run plait promote again, or take it from Git: "
        f"git restore --source HEAD --staged --worktree {PROMOTED}\n"
    )


@pytest.mark.parametrize("spoil", [delete, conflict])
def test_two_stages_in_a_row_are_broken(staged: Workspace, spoil: object) -> None:
    """No promotion mends them: the hint has the command that does."""
    assert callable(spoil)
    staged.git("init", "--quiet")
    staged.commit("All")
    before = staged.files()
    stages = ("staging", "production")
    for stage in stages:
        spoil(staged, f"overlays/{stage}/orders/promoted/deployment.yaml")
    staged.git("add", "--all")
    told = staged.refused("promote", "staging", "production")
    staged.git(*told.strip().rpartition("from Git: git ")[2].split())
    staged.ok("promote", "staging", "production")
    assert staged.files() == before


@pytest.mark.parametrize("command", [["render", "production"], ["diff", "dev..production"]])
def test_commands_about_other_environments_go_on(staged: Workspace, command: list[str]) -> None:
    """A broken stage is in nobody else's way."""
    whole = staged.ok(*command).out
    delete(staged, f"{PROMOTED}/deployment.yaml")
    assert staged.ok(*command).out == whole


def test_a_hand_edit_is_no_break(staged: Workspace) -> None:
    """A promotion does not overwrite what somebody wrote; --force of generate neither knows better."""
    staged.change("port: 80", "port: 81", f"{PROMOTED}/service.yaml")
    told = staged.refused("promote", "dev", "staging")
    assert f"  {PROMOTED}/service.yaml: edited by hand\n" in told


def test_a_break_further_on_is_told_first(staged: Workspace) -> None:
    """What production holds has to be read before anything is written."""
    delete(staged, "overlays/production/orders/promoted/deployment.yaml")
    told = staged.refused("promote", "dev", "staging")
    assert told.startswith("error: overlays/production/orders/promoted/deployment.yaml: missing from ")


def test_drift_elsewhere_still_stops_a_repair(staged: Workspace) -> None:
    """Only the broken folder may differ."""
    delete(staged, f"{PROMOTED}/deployment.yaml")
    delete(staged, "base/invoice/service.yaml")
    told = staged.refused("promote", "dev", "staging")
    assert told == (
        "error: these files are not what functions.yaml says:\n  base/invoice/service.yaml\n"
        "  hint: run plait generate first\n"
    )
