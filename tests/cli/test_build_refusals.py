"""plait build: what it does not build, and why."""

import pytest

from tests.cli.workspace import CODE, Workspace

HINT = "set it, or --from IMAGE; docs/runtimes/images.md says how to build one"


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    """With a runtime's image for Python, and none for Node."""
    shop.change("  namespace: shop\n", "  namespace: shop\n  runtimes: {python: 'example.com/handler:1'}\n")
    return shop


def test_an_unknown_function(shop: Workspace) -> None:
    """The nearest name, or all of them."""
    err = shop.refused("build", "order", code=2)
    assert err == "error: no function named 'order'\n  hint: did you mean 'orders'?\n"
    err = shop.refused("build", "zzz", code=2)
    assert err == "error: no function named 'zzz'\n  hint: functions.yaml has orders, invoice\n"


def test_an_unknown_environment(shop: Workspace) -> None:
    """As everywhere."""
    assert "did you mean 'staging'?" in shop.refused("build", "orders", "--env", "stagin", code=2)


def test_a_container(shop: Workspace) -> None:
    """It is built by its own means; how its image gets into an environment is said."""
    shop.change("runtime: python", "runtime: container")
    err = shop.refused("build", "orders", code=2)
    assert "functions.yaml: spec.functions.orders: plait does not build images of runtime: container" in err
    assert "plait release ENV orders=IMAGE" in err


def test_code_in_git(shop: Workspace) -> None:
    """It needs no image; how it gets into an environment is said."""
    shop.change("      source: functions/orders\n", f"      source: functions/orders\n{CODE}")
    err = shop.refused("build", "orders", code=2)
    assert "packaging: configMap needs no image: plait release takes the code into the overlay" in err


def test_no_source(shop: Workspace) -> None:
    """There is nothing to build."""
    shop.change("      source: functions/orders\n", "")
    assert "there is nothing to build: it has no `source`" in shop.refused("build", "orders", code=2)


def test_a_missing_folder(shop: Workspace) -> None:
    """The field is named, and the folder."""
    shop.change("source: functions/orders", "source: functions/order")
    err = shop.refused("build", "orders")
    assert err == (
        "error: functions.yaml: spec.functions.orders.source: functions/order: no such folder\n"
        "  hint: did you mean 'functions/orders'?\n"
    )


def test_no_runtime(shop: Workspace) -> None:
    """What is to be set, and where it is said how to get one."""
    err = shop.refused("build", "invoice", code=2)
    told = "error: functions.yaml: no image to build on: spec.runtimes.node is not set"
    assert err == f"{told}\n  hint: {HINT}\n"


@pytest.mark.parametrize("tag", ["a b", "", "-x", f"1@sha256:{'a' * 64}", "example.com/a:1", "x" * 129])
def test_what_is_no_tag(shop: Workspace, tag: str) -> None:
    """A whole reference is none either: the repository is that of functions.yaml."""
    assert "is not a tag" in shop.refused("build", "orders", f"--tag={tag}", code=2)


def test_two_functions(shop: Workspace) -> None:
    """The second would be taken for the tool's."""
    err = shop.refused("build", "orders", "invoice", code=2)
    assert err.splitlines()[-1] == "Error: one function at a time; 'invoice' is no option of a build tool"


def test_an_image_that_is_none(shop: Workspace) -> None:
    """What is wrong with it is said."""
    err = shop.refused("build", "orders", "--from", "Example.com/a b", code=2)
    assert "'Example.com/a b' is not an image reference: it has a space or a scheme" in err


def test_requirements_without_a_builder(shop: Workspace) -> None:
    """The runtime's image has no pip."""
    shop.write("functions/orders/requirements.txt", "requests\n")
    err = shop.refused("build", "orders", code=2)
    assert "functions/orders/requirements.txt: wants packages" in err
    assert "--builder IMAGE" in err
