"""plait promote: what it carries from one environment to the next."""

import pytest

from tests.cli.workspace import CODE, Workspace

REPOSITORY = "registry.example.com/shop/orders"
IMAGE = f"      image: {REPOSITORY}:1.0.0\n"


def version(workspace: Workspace, environment: str, function: str = "orders") -> str:
    """The promoted version as it is written."""
    text = workspace.read(f"overlays/{environment}/{function}/promoted/kustomization.yaml")
    lines = text.partition("images:\n")[2].splitlines()
    return " ".join(line.strip() for line in lines if "newName" in line or "newTag" in line)


def changed(workspace: Workspace, *args: str) -> set[str]:
    """The folders of overlays/ in which a command changes files."""
    before = workspace.files()
    workspace.ok(*args)
    after = workspace.files()
    paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {"/".join(path.split("/")[1:3]) for path in paths if path.startswith("overlays/")}


def test_the_first_promotion_takes_all(shop: Workspace) -> None:
    """Every function, and nothing of the environment's own Namespace and Broker."""
    shop.ok("generate")
    folders = changed(shop, "promote", "dev", "staging")
    assert folders == {"staging/kustomization.yaml", "staging/orders", "staging/invoice"}
    assert version(shop, "staging") == f'newName: {REPOSITORY} newTag: "1.0.0"'
    shop.ok("check")


def test_promoting_twice_changes_nothing(staged: Workspace) -> None:
    """A pipeline may run twice."""
    before = staged.files()
    for stage in (["dev", "staging"], ["staging", "production"]):
        assert staged.ok("promote", *stage).err.startswith("nothing to change: ")
    assert staged.files() == before


def test_a_version_goes_stage_by_stage(staged: Workspace) -> None:
    """Each stage has it when it was promoted there, and not before."""
    staged.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    assert version(staged, "staging").endswith('"1.0.0"')
    assert changed(staged, "promote", "dev", "staging") == {"staging/orders"}
    assert version(staged, "staging").endswith('"1.1.0"')
    assert version(staged, "production").endswith('"1.0.0"')
    assert changed(staged, "promote", "staging", "production") == {"production/orders"}
    assert version(staged, "production").endswith('"1.1.0"')


def test_nothing_reaches_a_gated_environment_before_its_promotion(staged: Workspace) -> None:
    """No trigger, no variable, no image, no removal; base/ and dev follow at once."""
    staged.change("[{type: com.example.order.paid}]\n", "[{type: com.example.order.sent}]\n")
    staged.change(IMAGE, f"{IMAGE}      env: {{LEVEL: debug}}\n")
    folders = changed(staged, "generate")
    assert folders == set()
    staged.ok("check")
    assert changed(staged, "promote", "dev", "staging") == {"staging/orders", "staging/invoice"}
    assert "LEVEL" in staged.read("overlays/staging/orders/promoted/deployment.yaml")
    assert "LEVEL" not in staged.read("overlays/production/orders/promoted/deployment.yaml")


def test_named_functions_go_alone(staged: Workspace) -> None:
    """The others stay where they are."""
    staged.ok("release", "dev", f"orders={REPOSITORY}:2", "invoice=registry.example.com/shop/invoice:2")
    assert changed(staged, "promote", "dev", "staging", "invoice", "invoice") == {"staging/invoice"}
    assert version(staged, "staging").endswith('"1.0.0"')


def test_a_removal_goes_stage_by_stage(staged: Workspace) -> None:
    """A function that functions.yaml loses leaves base/ and dev at once, a gated environment by promotion."""
    start, end = staged.read("functions.yaml").split("    invoice:\n")
    staged.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    assert changed(staged, "generate") == {"dev/invoice", "dev/kustomization.yaml"}
    staged.ok("check")
    assert staged.path("overlays/staging/invoice/promoted/deployment.yaml").exists()
    assert changed(staged, "promote", "dev", "staging") == {"staging/invoice", "staging/kustomization.yaml"}
    assert not staged.path("overlays/staging/invoice").exists()
    staged.ok("promote", "staging", "production", "invoice", "invoice")
    assert not staged.path("overlays/production/invoice").exists()
    assert "invoice" not in staged.read("overlays/production/kustomization.yaml")
    staged.ok("check")


def test_a_named_function_that_neither_has(staged: Workspace) -> None:
    """Exit code 2, with the nearest one."""
    told = staged.refused("promote", "dev", "staging", "oders", code=2)
    assert told == "error: no function named 'oders'\n  hint: did you mean 'orders'?\n"


def test_namespace_and_broker_go_with_environment(staged: Workspace) -> None:
    """They are an environment's own, and seldom change."""
    staged.change(
        "  namespace: shop\n", "  namespace: shop\n  broker: {name: default, delivery: {retry: 7}}\n"
    )
    assert changed(staged, "generate") == set()
    assert changed(staged, "promote", "dev", "staging") == set()
    assert changed(staged, "promote", "dev", "staging", "--environment") == {"staging/_environment"}
    assert "retry: 7" in staged.read("overlays/staging/_environment/promoted/broker.yaml")
    assert "retry: 7" not in staged.read("overlays/production/_environment/promoted/broker.yaml")


def test_a_namespace_goes_with_environment(staged: Workspace) -> None:
    """All of its objects move together."""
    staged.change("  namespace: shop\n", "  namespace: store\n")
    staged.ok("generate")
    staged.ok("promote", "dev", "staging", "--environment")
    for folder in ("", "orders/", "_environment/"):
        assert "namespace: store\n" in staged.read(f"overlays/staging/{folder}kustomization.yaml")
        assert "namespace: shop\n" in staged.read(f"overlays/production/{folder}kustomization.yaml")


def test_dry_run_writes_nothing(staged: Workspace) -> None:
    """It shows the difference."""
    staged.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    before = staged.files()
    shown = staged.ok("promote", "dev", "staging", "--dry-run").out
    assert staged.files() == before
    assert '-  newTag: "1.0.0"\n' in shown
    assert '+  newTag: "1.1.0"\n' in shown


def test_code_goes_along(shop: Workspace) -> None:
    """The code that the environment before runs, not what the source folder holds meanwhile."""
    shop.change(IMAGE, IMAGE + CODE)
    shop.ok("generate")
    shop.write("functions/orders/function.py", "def handle(event):\n    return 2\n")
    shop.ok("promote", "dev", "staging")
    promoted = "overlays/staging/orders/promoted/code/function.py"
    assert shop.read(promoted) == shop.read("overlays/dev/orders/code/function.py")
    shop.ok("release", "dev", "orders")
    assert "return 2" not in shop.read(promoted)
    assert changed(shop, "promote", "dev", "staging") == {"staging/orders"}
    assert "return 2" in shop.read(promoted)


@pytest.mark.parametrize(
    ("platform", "registry", "seen"),
    [
        ("dev: {platform: minikube", "mirror.example.com", REPOSITORY),
        ("dev: {platform: minikube", "mirror.example.com/cache", REPOSITORY),
        ("staging: {platform: kubernetes", "mirror.example.com", REPOSITORY),
        ("staging: {platform: kubernetes", "mirror.example.com/cache", REPOSITORY),
    ],
)
def test_a_registry_is_an_environments_own(shop: Workspace, platform: str, registry: str, seen: str) -> None:
    """A mirror on either side: promoted/ names the repository that functions.yaml names."""
    shop.change(platform, f"{platform}, registry: {registry}")
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    assert version(shop, "staging") == f'newName: {seen} newTag: "1.0.0"'
    assert shop.ok("generate").err.startswith("nothing to change: ")
    shop.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    shop.ok("promote", "dev", "staging")
    assert version(shop, "staging") == f'newName: {seen} newTag: "1.1.0"'
    mirrored = "staging" if platform.startswith("staging") else "dev"
    runs = [
        line for line in shop.ok("render", mirrored, "--format", "name").out.splitlines() if "1.1.0" in line
    ]
    assert [line.split()[-1] for line in runs] == [f"{registry}/shop/orders:1.1.0"]
