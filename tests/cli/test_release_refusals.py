"""plait release: what it refuses, and the code of packaging: configMap."""

import pytest

from tests.cli.workspace import CODE, Workspace

SOURCE = "functions/orders/function.py"
RELEASED = "overlays/dev/orders/code/function.py"
IMAGE = "      image: registry.example.com/shop/orders:1.0.0\n"


@pytest.fixture
def code(shop: Workspace) -> Workspace:
    """The code of orders is in Git, and generated."""
    shop.change(IMAGE, IMAGE + CODE)
    shop.ok("generate")
    return shop


def test_an_unknown_environment(shop: Workspace) -> None:
    """The nearest one is named."""
    told = shop.refused("release", "def", "orders", code=2)
    assert told == "error: no environment named 'def'\n  hint: did you mean 'dev'?\n"


def test_an_unknown_environment_without_a_neighbour(shop: Workspace) -> None:
    """All are named."""
    told = shop.refused("release", "x", "orders", code=2)
    assert told == "error: no environment named 'x'\n  hint: functions.yaml has dev, staging, production\n"


def test_a_gated_environment(shop: Workspace) -> None:
    """Versions come there by promotion alone."""
    shop.ok("generate")
    hint = "release in dev, then plait promote dev staging, then plait promote staging production"
    assert shop.refused("release", "production", "orders") == (
        f"error: production is gated: versions arrive there by promotion alone\n  hint: {hint}\n"
    )


def test_a_tree_that_is_not_current(shop: Workspace) -> None:
    """A release's difference is the release alone."""
    shop.ok("generate")
    shop.change("platform: minikube", "platform: kubernetes")
    told = shop.refused("release", "dev", "orders=a:1")
    assert told.startswith("error: these files are not what functions.yaml says:\n  overlays/dev/")
    assert told.endswith("\n  hint: run plait generate first\n")


def test_a_tree_that_was_never_generated(shop: Workspace) -> None:
    """Only the first files are listed."""
    told = shop.refused("release", "dev", "orders=a:1").splitlines()
    assert told[-2:] == ["  ...", "  hint: run plait generate first"]
    assert len(told) == 13


def test_a_hand_edit(shop: Workspace) -> None:
    """It is refused as generate refuses it."""
    shop.ok("generate")
    shop.change("port: 80", "port: 81", "base/orders/service.yaml")
    told = shop.refused("release", "dev", "orders=a:1")
    assert told.startswith("error: these files are plait's, and are not as plait wrote them:\n")
    assert "  base/orders/service.yaml: edited by hand\n" in told


def test_dry_run_writes_nothing(shop: Workspace) -> None:
    """It shows the difference."""
    shop.ok("generate")
    before = shop.files()
    shown = shop.ok("release", "dev", "orders=registry.example.com/shop/orders:1.1.0", "--dry-run")
    assert shop.files() == before
    assert [line for line in shown.out.splitlines() if line[0] in "+-"] == [
        "--- a/overlays/dev/orders/kustomization.yaml",
        "+++ b/overlays/dev/orders/kustomization.yaml",
        '-  newTag: "1.0.0"',
        '+  newTag: "1.1.0"',
    ]
    assert shown.err == ""


def test_entries_of_the_user_stay(shop: Workspace) -> None:
    """Every byte but the version."""
    shop.ok("generate")
    path = "overlays/dev/orders/kustomization.yaml"
    shop.write(path, f"# ours\n{shop.read(path)}\nlabels: # team\n  - pairs: {{team: shop}}\n")
    before = shop.read(path)
    shop.ok("release", "dev", "orders=registry.example.com/shop/orders:1.1.0")
    assert shop.read(path) == before.replace('"1.0.0"', '"1.1.0"')


def test_code_is_taken_at_the_first_generate_and_then_at_a_release(code: Workspace) -> None:
    """A commit to the source folder rolls nothing out by itself."""
    first = code.read(SOURCE)
    assert code.read(RELEASED) == first
    code.write(SOURCE, "def handle(event):\n    return 2\n")
    told = code.ok("generate").err
    assert code.read(RELEASED) == first
    assert "dev runs other code of orders than its source folder holds: plait release dev orders\n" in told
    code.ok("release", "dev", "orders")
    assert code.read(RELEASED) == code.read(SOURCE)
    assert code.ok("generate").err.startswith("nothing to change: ")


def test_code_that_is_followed(code: Workspace) -> None:
    """--follow takes it at each generate; the next plain release keeps it where it is."""
    code.ok("release", "dev", "orders", "--follow")
    code.write(SOURCE, "def handle(event):\n    return 2\n")
    code.ok("generate")
    assert code.read(RELEASED) == code.read(SOURCE)
    code.ok("release", "dev", "orders")
    code.write(SOURCE, "def handle(event):\n    return 3\n")
    code.ok("generate")
    assert "return 2" in code.read(RELEASED)


def test_files_of_code_come_and_go(code: Workspace) -> None:
    """code/ is the source folder, whole."""
    code.write("functions/orders/lib/tax.py", "RATE = 7\n")
    code.ok("release", "dev", "orders")
    assert code.read("overlays/dev/orders/code/lib/tax.py") == "RATE = 7\n"
    code.path("functions/orders/lib/tax.py").unlink()
    code.ok("release", "dev", "orders")
    assert [name for name in code.files() if "overlays/dev/orders/code" in name] == [RELEASED]


def test_a_missing_source_folder(code: Workspace) -> None:
    """What runs does not need it; a release does."""
    code.path(SOURCE).unlink()
    code.path("functions/orders").rmdir()
    assert code.ok("generate").err.startswith("nothing to change: ")
    told = code.refused("release", "dev", "orders")
    assert told == "error: functions/orders: no such folder\n  hint: plait new writes a first function\n"
