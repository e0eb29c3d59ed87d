"""A function or an environment that functions.yaml has lost: plait's part goes, a user's stops it."""

import pytest

from tests.generate.conftest import STAGES, shop
from tests.generate.repository import Repository
from tests.support.kustomize import builder

ORDERS = "overlays/dev/orders/kustomization.yaml"
DEV = "overlays/dev/kustomization.yaml"
BLOCKED = """\
error: folders that would be removed hold entries of yours:
{listed}
  hint: move or delete them; plait generate --force removes only what is plait's there
"""
USERS = """\
# mine
namePrefix: team-
patches:
- path: plait-deployment.yaml
- path: mine.yaml # explained
replicas:
- name: orders
  count: 2
"""


def without_orders(repository: Repository) -> None:
    """Delete orders from functions.yaml."""
    repository.spec(shop("invoice"))


def without_dev(repository: Repository) -> None:
    """Delete the environment dev from functions.yaml; live follows then."""
    data = shop()
    data["spec"]["environments"] = {"live": {"platform": "openshift"}}
    repository.spec(data)


def test_a_removed_function_leaves_no_trace(repository: Repository) -> None:
    """Neither in base/ nor in a following environment; a gated one keeps it until a promotion."""
    without_orders(repository)
    assert repository.ok("generate").err.startswith("1 file written, 6 removed")
    assert {
        path for path in repository.files() if "/orders/" in path and "overlays/live" not in path
    } == set()
    assert not (repository.root / "base/orders").exists()
    assert not (repository.root / "overlays/dev/orders").exists()
    assert repository.read(DEV).endswith("resources:\n- _environment\n- invoice\n")
    repository.ok("promote", "dev", "live")
    assert not (repository.root / "overlays/live/orders").exists()
    fresh = Repository(repository.root.parent / "fresh")
    without_orders(fresh)
    fresh.ok("generate")
    fresh.ok("promote", "dev", "live")
    assert fresh.files() == repository.files()


def test_a_users_entries_and_files_in_a_removed_folder_stop_it(repository: Repository) -> None:
    """All of them listed, so that one can move them."""
    text = repository.read(ORDERS)
    repository.write(ORDERS, text.replace("patches:\n- path: plait-deployment.yaml\n", USERS))
    repository.write("overlays/dev/orders/mine.yaml", "kind: Deployment\n")
    without_orders(repository)
    listed = [
        "  overlays/dev/orders/mine.yaml",
        f"  {ORDERS}: namePrefix",
        f"  {ORDERS}: replicas",
        f"  {ORDERS}: patches: mine.yaml",
    ]
    assert repository.refused("generate") == BLOCKED.format(listed="\n".join(listed))


def test_force_removes_plaits_entries_alone(repository: Repository) -> None:
    """The user's entries and files are kept, for the user to decide."""
    text = repository.read(ORDERS)
    repository.write(ORDERS, text.replace("patches:\n- path: plait-deployment.yaml\n", USERS))
    repository.write("overlays/dev/orders/mine.yaml", "kind: Deployment\n")
    without_orders(repository)
    repository.ok("generate", "--force")
    left = {
        path: text for path, text in repository.files().items() if path.startswith("overlays/dev/orders/")
    }
    assert left.keys() == {ORDERS, "overlays/dev/orders/mine.yaml"}
    assert repository.read(ORDERS) == (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\n# mine\n"
        "namePrefix: team-\npatches:\n- path: mine.yaml # explained\nreplicas:\n- name: orders\n  count: 2\n"
    )
    assert repository.ok("generate").err.startswith("nothing to change")


def test_a_promotion_that_removes_is_stopped_likewise(repository: Repository) -> None:
    """The user's patch of the gated environment would lose its object."""
    repository.write("overlays/live/orders/mine.yaml", "kind: Deployment\n")
    without_orders(repository)
    repository.ok("generate")
    listed = "  overlays/live/orders/mine.yaml"
    assert repository.refused("promote", "dev", "live") == BLOCKED.format(listed=listed)
    repository.ok("promote", "dev", "live", "invoice")


def test_a_removed_environment_leaves_no_trace(repository: Repository) -> None:
    """Its whole folder goes; the one that was gated behind it keeps what it runs."""
    builds = builder("kubectl")
    before = builds(repository.root / "overlays/live")
    without_dev(repository)
    repository.ok("generate")
    assert not (repository.root / "overlays/dev").exists()
    assert builds(repository.root / "overlays/live") == before


@pytest.mark.parametrize("path", ["overlays/dev/mine.yaml", "overlays/dev/tools/kustomization.yaml"])
def test_a_users_files_in_a_removed_environment_stop_it(repository: Repository, path: str) -> None:
    """In its root as in a folder of the user's own."""
    repository.write(path, "resources: []\n")
    repository.write(DEV, repository.read(DEV) + "- ../shared\nnameSuffix: -x\n")
    without_dev(repository)
    listed = f"  {DEV}: nameSuffix\n  {DEV}: resources: ../shared\n  {path}"
    assert repository.refused("generate") == BLOCKED.format(listed=listed)
    repository.ok("generate", "--force")
    left = [path for path in repository.files() if path.startswith("overlays/dev/")]
    assert left == sorted([DEV, path])
    assert repository.read(DEV).endswith("resources:\n- ../shared\nnameSuffix: -x\n")


def test_packaging_can_change_in_both_directions(repository: Repository) -> None:
    """Code goes and comes whole, and the image is the one that functions.yaml names for it."""
    repository.write("functions/orders/function.py", "def handle(event):\n    return None\n")
    before = repository.files()
    image = shop()
    data = shop()
    data["spec"]["functions"]["orders"] = {
        "runtime": "python",
        "packaging": "configMap",
        "source": "functions/orders",
        "image": "registry.example.com/handler:1",
        "subscribes": [{"type": "com.example.orders"}],
    }
    repository.spec(data)
    repository.ok("generate")
    assert "newName: registry.example.com/handler\n" in repository.read(ORDERS)
    assert "overlays/dev/orders/code/function.py" in repository.files()
    builder("kubectl")(repository.root / "overlays/dev")
    repository.spec(image)
    repository.ok("generate")
    assert repository.files() == before


def test_an_environment_that_becomes_gated_keeps_what_it_runs(repository: Repository) -> None:
    """promotesFrom added to a live environment must not empty it; taken away, versions stay."""
    build = builder("kubectl")
    repository.ok("release", "dev", "orders=registry.example.com/orders:7")
    before = build(repository.root / "overlays/dev")
    data = shop()
    data["spec"]["environments"] = {
        "first": {},
        **STAGES,
        "dev": {"platform": "minikube", "promotesFrom": "first"},
    }
    repository.spec(data)
    repository.ok("generate")
    assert build(repository.root / "overlays/dev") == before
    repository.spec(shop())
    repository.ok("generate")
    assert build(repository.root / "overlays/dev") == before
    assert not any("overlays/dev" in path and "promoted" in path for path in repository.files())
