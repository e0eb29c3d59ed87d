"""plait status: which environment runs which version, and what is to come."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from plait.matrix import Cell
from tests.cli.workspace import CODE, Workspace

DIGEST = "sha256:" + "a1" * 32
REPOSITORY = "registry.example.com/shop/orders"
IMAGE = f"      image: {REPOSITORY}:1.0.0\n"


def row(workspace: Workspace, function: str = "orders") -> list[str]:
    """A function's cells as they are shown; cells are two spaces apart at the least."""
    for line in workspace.ok("status").out.splitlines():
        if line.startswith(f"{function} "):
            return [cell.strip() for cell in line.removeprefix(function).split("  ") if cell.strip()]
    raise AssertionError(function)


def cells(workspace: Workspace, function: str = "orders") -> dict[str, Any]:
    """A function's cells as JSON."""
    found: dict[str, Any] = json.loads(workspace.ok("status", "--format", "json").out)[function]
    return found


def cell(**fields: Any) -> dict[str, Any]:
    """A cell as JSON."""
    return asdict(Cell(**fields))


def running(version: str, **fields: Any) -> dict[str, Any]:
    """A cell of orders as JSON."""
    return cell(version=version, image=f"{REPOSITORY}:{version}", **fields)


def test_all_is_alike(staged: Workspace) -> None:
    """A line a function, a column an environment, Namespace and Broker first."""
    assert staged.ok("status").out == (
        "                            dev      staging (from dev)  production (from staging)\n"
        "Namespace, Broker, secrets  current  current             current\n"
        "invoice                     1.0.0    1.0.0               1.0.0\n"
        "orders                      1.0.0    1.0.0               1.0.0\n"
    )


def test_new(shop: Workspace) -> None:
    """Before the first promotion; a stage is compared with the one before it alone."""
    shop.ok("generate")
    assert row(shop) == ["1.0.0", "to come", "-"]
    assert cells(shop) == {"dev": running("1.0.0"), "staging": cell(ahead="new"), "production": cell()}


def test_a_version_ahead(staged: Workspace) -> None:
    """What runs is shown, and that something newer waits."""
    staged.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    assert row(staged) == ["1.1.0", "1.0.0 (behind)", "1.0.0"]
    assert cells(staged) == {
        "dev": running("1.1.0"),
        "staging": running("1.0.0", ahead="version"),
        "production": running("1.0.0"),
    }


def test_a_stage_skipped(staged: Workspace) -> None:
    """Both later stages are behind, each by its own."""
    staged.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    staged.ok("promote", "dev", "staging")
    staged.ok("release", "dev", f"orders={REPOSITORY}:1.2.0")
    assert row(staged) == ["1.2.0", "1.1.0 (behind)", "1.0.0 (behind)"]


def test_another_repository_is_another_version(staged: Workspace) -> None:
    """The same tag says little."""
    staged.ok("release", "dev", "orders=registry.example.com/fork/orders:1.0.0")
    assert cells(staged)["staging"]["ahead"] == "version"


def test_code_ahead(shop: Workspace) -> None:
    """The code of packaging: configMap, where the image is the same."""
    shop.change(IMAGE, IMAGE + CODE)
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    shop.write("functions/orders/function.py", "def handle(event):\n    return 2\n")
    shop.ok("release", "dev", "orders")
    assert row(shop)[1] == "1.0.0 (behind (code))"
    assert cells(shop)["staging"] == running("1.0.0", ahead="code")


def test_a_shape_ahead(staged: Workspace) -> None:
    """Anything else: a trigger, a variable, a probe."""
    staged.change(IMAGE, f"{IMAGE}      env: {{LEVEL: debug}}\n")
    staged.ok("generate")
    assert row(staged) == ["1.0.0", "1.0.0 (behind (shape))", "1.0.0"]
    assert cells(staged)["staging"] == running("1.0.0", ahead="shape")


def test_namespace_and_broker_ahead(staged: Workspace) -> None:
    """They go by --environment."""
    staged.change(
        "  namespace: shop\n", "  namespace: shop\n  broker: {name: default, delivery: {retry: 7}}\n"
    )
    staged.ok("generate")
    assert row(staged, "Namespace, Broker, secrets") == ["current", "behind (shape)", "current"]
    assert cells(staged, "_environment")["staging"] == cell(ahead="shape")
    staged.ok("promote", "dev", "staging", "--environment")
    assert row(staged, "Namespace, Broker, secrets") == ["current", "current", "behind (shape)"]


def test_removed(staged: Workspace) -> None:
    """A function that is gone before still runs here."""
    start, end = staged.read("functions.yaml").split("    invoice:\n")
    staged.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    staged.ok("generate")
    assert row(staged, "invoice") == ["-", "1.0.0 (to go)", "1.0.0"]
    image = "registry.example.com/shop/invoice:1.0.0"
    assert cells(staged, "invoice") == {
        "dev": cell(),
        "staging": cell(version="1.0.0", image=image, ahead="removed"),
        "production": cell(version="1.0.0", image=image),
    }
    staged.ok("promote", "dev", "staging")
    staged.ok("promote", "staging", "production")
    assert "invoice" not in staged.ok("status").out


def test_follows(shop: Workspace) -> None:
    """Its version is functions.yaml's."""
    shop.ok("generate")
    shop.ok("release", "dev", "orders", "--follow")
    assert row(shop)[0] == "1.0.0 (follows functions.yaml)"
    assert cells(shop)["dev"] == running("1.0.0", follows=True)


def test_no_version(shop: Workspace) -> None:
    """An image with neither tag nor digest."""
    shop.change(f"{REPOSITORY}:1.0.0", REPOSITORY)
    shop.ok("generate")
    assert row(shop)[0] == "no version"
    assert cells(shop)["dev"] == cell(image=REPOSITORY)


def test_a_digest_is_shown_short(shop: Workspace) -> None:
    """As registries show it; JSON has all of it."""
    shop.ok("generate")
    shop.ok("release", "dev", f"orders={REPOSITORY}@{DIGEST}", f"invoice={REPOSITORY}:v2@{DIGEST}")
    assert row(shop)[0] == "sha256:a1a1a1a1a1a1"
    assert row(shop, "invoice")[0] == "v2@sha256:a1a1a1a1a1a1"
    assert cells(shop)["dev"] == cell(version=DIGEST, image=f"{REPOSITORY}@{DIGEST}")


@pytest.mark.parametrize("registry", ["mirror.example.com", "mirror.example.com/cache"])
@pytest.mark.parametrize("platform", ["dev: {platform: minikube", "staging: {platform: kubernetes"])
def test_a_mirror_is_no_other_version(shop: Workspace, platform: str, registry: str) -> None:
    """An environment's own registry, on either side."""
    shop.change(platform, f"{platform}, registry: {registry}")
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    assert row(shop)[:2] == ["1.0.0", "1.0.0"]


def test_many_environments(shop: Workspace) -> None:
    """Two branches of a chain of stages; each is compared with its own source."""
    more = "".join(f"    live-{n}: {{platform: openshift, promotesFrom: staging}}\n" for n in range(5))
    shop.write("functions.yaml", shop.read("functions.yaml") + more)
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    shop.ok("promote", "staging", "live-3")
    ahead = {name: found["ahead"] for name, found in cells(shop).items()}
    assert ahead == {
        "dev": None,
        "staging": None,
        "production": "new",
        **{f"live-{n}": None if n == 3 else "new" for n in range(5)},
    }


def test_no_environment(shop: Workspace) -> None:
    """There is nothing to show, and that is said."""
    shop.write("functions.yaml", shop.read("functions.yaml").partition("  environments:")[0])
    shop.ok("generate")
    result = shop.ok("status")
    assert (result.out, result.err) == ("", "functions.yaml has no environments\n")
    assert shop.ok("status", "--format", "json").out == "{}\n"


def test_no_function(shop: Workspace) -> None:
    """Namespace and Broker alone."""
    start, end = shop.read("functions.yaml").split("  functions:\n")
    shop.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    shop.ok("generate")
    assert len(shop.ok("status").out.splitlines()) == 2


def broken(workspace: Workspace, environment: str) -> str:
    """Break a promotion; its path."""
    path = f"overlays/{environment}/orders/promoted/deployment.yaml"
    workspace.path(path).unlink()
    return path


def test_a_broken_environment(staged: Workspace) -> None:
    """It is marked and hides none of the others; what is promoted from it cannot be compared. Exit code 1."""
    path = broken(staged, "staging")
    result = staged.plait("status")
    assert result.code == 1
    assert result.out == (
        "                            dev      staging (from dev)  production (from staging)\n"
        "Namespace, Broker, secrets  current  broken              not compared\n"
        "invoice                     1.0.0    broken              1.0.0 (not compared)\n"
        "orders                      1.0.0    broken              1.0.0 (not compared)\n"
    )
    assert result.err.startswith(f"error: {path}: missing from a promotion that was cut short\n  hint: ")
    shown = json.loads(staged.plait("status", "--format", "json").out)["orders"]
    assert shown["dev"] == running("1.0.0")
    assert shown["staging"] is None
    assert shown["production"] == running("1.0.0", ahead="unknown")


def test_every_broken_environment_is_told(staged: Workspace) -> None:
    """Each with its error."""
    paths = [broken(staged, name) for name in ("staging", "production")]
    result = staged.plait("status")
    assert [line.split(": ")[1] for line in result.err.splitlines() if line.startswith("error: ")] == paths
    assert result.out.splitlines()[2].split() == ["invoice", "1.0.0", "broken", "broken"]
