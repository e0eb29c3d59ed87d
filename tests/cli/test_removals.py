"""What goes is named, and a whole stage does not go by mistake."""

import pytest

from tests.cli.workspace import Workspace


@pytest.fixture
def promoted(shop: Workspace) -> Workspace:
    """The shop with everything promoted to production."""
    for step in (["generate"], ["promote", "dev", "staging"], ["promote", "staging", "production"]):
        shop.ok(*step)
    return shop


def test_an_environment_that_goes_is_named(promoted: Workspace) -> None:
    """generate says what it held and how to rename it instead."""
    promoted.change("    staging:", "    stage:")
    promoted.change("promotesFrom: staging", "promotesFrom: stage")
    told = promoted.ok("generate").err
    assert "overlays/staging goes, with 2 promoted functions; to rename it: git mv overlays/staging" in told


def test_an_empty_stage_does_not_empty_the_next(promoted: Workspace) -> None:
    """promote refuses to take every function out of an environment unless they are named."""
    promoted.change("    staging:", "    stage:")
    promoted.change("promotesFrom: staging", "promotesFrom: stage")
    promoted.ok("generate")
    told = promoted.refused("promote", "stage", "production")
    assert told.startswith("error: stage runs no function; all of production's would go")
    assert "production loses orders" in promoted.ok("promote", "stage", "production", "orders").err


def test_what_is_left_behind_is_named(promoted: Workspace) -> None:
    """A change of Namespace, Broker or ExternalSecrets waits for --environment, and promote says so."""
    promoted.change("  namespace: shop", "  broker: {delivery: {retry: 3}}\n  namespace: shop")
    promoted.ok("generate")
    hint = "plait promote dev staging --environment"
    assert hint in promoted.ok("promote", "dev", "staging").err
    assert hint not in promoted.ok("promote", "dev", "staging", "--environment").err
