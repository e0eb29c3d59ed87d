"""Whose a file is: hand edits stop generate, drift is mended, a user's own files stay."""

import json
from collections.abc import Callable

import pytest

from tests.generate.conftest import shop
from tests.generate.repository import Repository
from tests.support import manifests

DEPLOYMENT = "base/orders/deployment.yaml"
PROMOTED = "overlays/live/orders/promoted/deployment.yaml"
PATCH = "overlays/dev/orders/plait-deployment.yaml"
EDITED = """\
error: these files are plait's, and are not as plait wrote them:
  {path}: {how}
  hint: change functions.yaml instead, or put a patch of your own into the overlay's kustomization.yaml;
"""
FORCE = "  plait generate --force overwrites these files\n"
RESTORE = "  take files in promoted/ from Git (git restore); --force keeps what stands in them;\n"
RESTORE += FORCE.replace("these files", "the others")


@pytest.mark.parametrize("path", [DEPLOYMENT, PATCH])
def test_a_changed_value_stops_generate(repository: Repository, path: str) -> None:
    """It would be lost; the message says where such a change belongs."""
    name = "name: orders\n" if path == PATCH else "enableServiceLinks: false\n"
    text = repository.read(path)
    repository.write(path, text.replace(name, name.replace("orders", "order").replace("false", "true"), 1))
    said = repository.refused("generate")
    assert said == EDITED.format(path=path, how="edited by hand") + FORCE


def test_a_changed_value_in_promoted_stops_generate(repository: Repository) -> None:
    """What was promoted is changed by a promotion alone; only Git has the old one."""
    repository.change(PROMOTED, "enableServiceLinks: false", "enableServiceLinks: true")
    said = repository.refused("generate")
    assert said == EDITED.format(path=PROMOTED, how="edited by hand") + RESTORE


def test_a_file_without_plaits_first_line_stops_generate(repository: Repository) -> None:
    """Somebody took it over, or put a file of their own in its place."""
    repository.write(DEPLOYMENT, repository.read(DEPLOYMENT).partition("\n")[2])
    repository.write("base/broker.yaml", "kind: Broker\n")
    said = repository.refused("generate")
    assert f"  base/broker.yaml: not written by plait\n  {DEPLOYMENT}: not written by plait\n" in said


def test_every_edited_file_is_listed(repository: Repository) -> None:
    """One run shows them all."""
    paths = sorted(path for path in repository.files() if path.endswith("deployment.yaml"))
    for path in paths:
        repository.write(path, repository.read(path).replace("name: ", "name: x", 1))
    said = repository.refused("generate")
    assert [line.strip().partition(":")[0] for line in said.splitlines() if ": edited" in line] == paths


def test_force_overwrites_edits(repository: Repository) -> None:
    """The way out for who does not want the edit; promoted/ has no other source and keeps it."""
    before = repository.files()
    for path in (DEPLOYMENT, PATCH):
        repository.write(path, repository.read(path).replace("name: ", "name: x", 1))
    repository.write("base/broker.yaml", "kind: Broker\n")
    repository.ok("generate", "--force")
    assert repository.files() == before


@pytest.mark.parametrize("path", [DEPLOYMENT, PATCH, PROMOTED])
@pytest.mark.parametrize(
    "reformat",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n  name: orders", '\n  "name":   "orders" # mine'),
        lambda text: text.replace("\nmetadata:", "\n\n# mine\nmetadata:"),
        lambda text: f"{text.partition(chr(10))[0]}\n{json.dumps(manifests.load(text)[0], indent=8)}",
    ],
    ids=["line-ends", "quotes", "comments", "indentation"],
)
def test_formatting_is_drift_and_mended(
    repository: Repository, path: str, reformat: Callable[[str], str]
) -> None:
    """Line ends (git's autocrlf), quotes, comments, indentation: no value changed, so nobody is stopped."""
    before = repository.files()
    repository.write(path, reformat(repository.read(path)))
    assert repository.files() != before
    repository.ok("generate")
    assert repository.files() == before


def test_a_lost_file_is_written_again(repository: Repository) -> None:
    """A file of base/ follows from functions.yaml alone."""
    before = repository.files()
    (repository.root / DEPLOYMENT).unlink()
    (repository.root / PATCH).unlink()
    assert repository.ok("generate").err.startswith("2 files written, 0 removed")
    assert repository.files() == before


def test_conflict_markers_in_owned_files_are_regenerated(repository: Repository) -> None:
    """Both sides of a merge changed functions.yaml: what follows from it need not be merged by hand."""
    before = repository.files()
    text = repository.read(DEPLOYMENT)
    first, rest = text.split("\n", 1)
    repository.write(DEPLOYMENT, f"<<<<<<< HEAD\n{first}\n=======\n{first[:-1]}0\n>>>>>>> branch\n{rest}")
    repository.write(PATCH, repository.read(PATCH) + "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> branch\n")
    repository.ok("generate")
    assert repository.files() == before


def test_conflict_markers_in_a_shared_file_are_reported(repository: Repository) -> None:
    """The user's entries are in it too, so a person has to merge."""
    path = "overlays/dev/orders/kustomization.yaml"
    repository.change(path, '  newTag: "1"\n', "<<<<<<< HEAD\n  newTag: a\n=======\n  newTag: b\n>>>>>>> x\n")
    assert repository.refused("generate") == (
        f"error: {path}: holds merge conflict markers\n"
        "  hint: resolve it; where both sides are plait's entries take either and run plait generate\n"
    )


def test_conflict_markers_in_promoted_are_reported(repository: Repository) -> None:
    """Nothing else knows what was promoted."""
    repository.write(PROMOTED, "<<<<<<< HEAD\n" + repository.read(PROMOTED))
    assert repository.refused("generate") == (
        f"error: {PROMOTED}: holds merge conflict markers\n"
        "  hint: run plait promote again, or take it from Git: "
        f"git restore --source HEAD --staged --worktree {PROMOTED.rpartition('/')[0]}\n"
    )


def test_stale_owned_files_are_removed(repository: Repository) -> None:
    """A Trigger that functions.yaml has lost goes, from base/ and from the build of dev."""
    data = shop()
    data["spec"]["functions"]["orders"]["subscribes"] = []
    repository.spec(data)
    repository.ok("generate")
    assert "base/orders/trigger-orders.yaml" not in repository.files()
    assert [item["kind"] for item in repository.objects("dev")].count("Trigger") == 1
    assert [item["kind"] for item in repository.objects("live")].count("Trigger") == 2


def test_an_edited_file_is_not_removed_either(repository: Repository) -> None:
    """An edit in a file that goes is an edit that is lost."""
    repository.change("base/orders/trigger-orders.yaml", "com.example.orders", "com.example.other")
    data = shop()
    data["spec"]["functions"]["orders"]["subscribes"] = []
    repository.spec(data)
    assert "  base/orders/trigger-orders.yaml: edited by hand\n" in repository.refused("generate")
    repository.ok("generate", "--force")
    assert "base/orders/trigger-orders.yaml" not in repository.files()


def test_a_users_files_stay(repository: Repository) -> None:
    """Anywhere in base/ and overlays/: plait removes only what it wrote."""
    copy = repository.read(DEPLOYMENT)
    users = {
        "base/NOTES.md": "notes\n",
        "base/orders/mine.yaml": "kind: ConfigMap\n",
        "overlays/dev/patch.yaml": "a: 1\n",
        "overlays/dev/orders/my-deployment.yaml": copy,
        "overlays/dev/orders/code/mine.py": "pass\n",
        "overlays/dev/tools/kustomization.yaml": "resources: [x.yaml]\n",
        "overlays/dev/tools/x.yaml": copy.replace("replicas: 1", "replicas: 2"),
        "overlays/other/kustomization.yaml": "resources:\n- &a !!str odd\n- *a\n<<: {}\n",
    }
    for path, content in users.items():
        repository.write(path, content)
    before = repository.files()
    repository.ok("generate")
    repository.ok("release", "dev", "orders=registry.example.com/orders:2")
    repository.ok("promote", "dev", "live")
    assert repository.ok("generate").err.startswith("nothing to change")
    assert {path: repository.read(path) for path in users} == users
    assert repository.files().keys() == before.keys()
