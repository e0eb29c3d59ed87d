"""plait promote: what it refuses."""

import pytest

from tests.cli.workspace import Workspace

IMAGE = "      image: registry.example.com/shop/invoice:1.0.0\n"
DEAD = """\
    dead:
      runtime: python
      source: functions/dead
      image: registry.example.com/shop/dead:1.0.0
"""


def with_sink(workspace: Workspace) -> None:
    """Add a function for dead letters, in dev alone."""
    workspace.change("  external", f"{DEAD}  external")
    workspace.write("functions/dead/function.py", "def handle(event):\n    return None\n")


def lacking(kind: str, name: str, environment: str = "staging") -> str:
    """What is said of a missing sink."""
    return (
        f"error: {environment} would lack a dead letter sink:\n"
        f"  {kind} {name} sends dead letters to dead, which {environment} lacks\n"
        "  hint: promote that function too, or first; --environment carries the Broker along\n"
    )


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        (
            "dev",
            "production",
            (
                "error: production takes its versions from staging, not from dev: a stage would be skipped\n"
                "  hint: plait promote staging production\n"
            ),
        ),
        (
            "production",
            "staging",
            (
                "error: staging takes its versions from dev, not from production: a stage would be skipped\n"
                "  hint: plait promote dev staging\n"
            ),
        ),
        (
            "staging",
            "dev",
            (
                "error: dev is not gated: it follows functions.yaml\n"
                "  hint: did you mean: plait promote dev staging\n"
            ),
        ),
    ],
)
def test_the_wrong_stages(staged: Workspace, source: str, target: str, told: str) -> None:
    """Each with the command that would do."""
    assert staged.refused("promote", source, target) == told


@pytest.mark.parametrize(("source", "target"), [("dve", "staging"), ("dev", "stagin")])
def test_an_unknown_environment(staged: Workspace, source: str, target: str) -> None:
    """Exit code 2, with the nearest one."""
    assert "\n  hint: did you mean '" in staged.refused("promote", source, target, code=2)


def test_a_tree_that_is_not_current(staged: Workspace) -> None:
    """A promotion's difference is the whole truth about it."""
    staged.change("type: com.example.order.paid}]", "type: com.example.order.sent}]")
    told = staged.refused("promote", "dev", "staging")
    assert told.startswith("error: these files are not what functions.yaml says:\n  base/invoice/trigger-")
    assert told.endswith("\n  hint: run plait generate first\n")


def test_a_function_that_was_never_released(shop: Workspace) -> None:
    """An image with neither tag nor digest may be another one tomorrow."""
    shop.change(IMAGE, IMAGE.replace(":1.0.0", ""))
    shop.ok("generate")
    assert shop.refused("promote", "dev", "staging") == (
        "error: invoice was never released in dev: its image has neither tag nor digest\n"
        "  hint: plait release dev invoice=registry.example.com/shop/invoice:VERSION\n"
    )
    shop.ok("promote", "dev", "staging", "orders")


def test_the_dead_letter_sink_of_a_trigger(shop: Workspace) -> None:
    """The Trigger would never become ready there."""
    with_sink(shop)
    shop.change(IMAGE, f"{IMAGE}      delivery: {{deadLetter: {{function: dead}}}}\n")
    shop.ok("generate")
    assert shop.refused("promote", "dev", "staging", "invoice") == lacking("Trigger", "invoice")
    shop.ok("promote", "dev", "staging", "dead", "invoice")
    shop.ok("promote", "dev", "staging")


def test_the_dead_letter_sink_of_the_broker(shop: Workspace) -> None:
    """From the first promotion on: the Broker is there from the first generate."""
    with_sink(shop)
    broker = "  broker: {name: default, delivery: {deadLetter: {function: dead}}}\n"
    shop.change("  namespace: shop\n", f"  namespace: shop\n{broker}")
    shop.ok("generate")
    assert shop.refused("promote", "dev", "staging", "orders") == lacking("Broker", "default")
    shop.ok("promote", "dev", "staging", "dead")
    shop.ok("promote", "dev", "staging", "orders")


def test_the_dead_letter_sink_that_the_broker_takes_along(staged: Workspace) -> None:
    """--environment alone would name a function that is not there."""
    with_sink(staged)
    broker = "  broker: {name: default, delivery: {deadLetter: {function: dead}}}\n"
    staged.change("  namespace: shop\n", f"  namespace: shop\n{broker}")
    staged.ok("generate")
    told = staged.refused("promote", "dev", "staging", "orders", "--environment")
    assert told == lacking("Broker", "default")
    staged.ok("promote", "dev", "staging", "--environment")


def test_the_dead_letter_sink_of_an_environments_own_broker(shop: Workspace) -> None:
    """An override of the Broker in functions.yaml applies at once, and is looked at too."""
    with_sink(shop)
    override = ", broker: {delivery: {deadLetter: {function: dead}}}, promotesFrom: staging}"
    shop.change(", promotesFrom: staging}", override)
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    told = shop.refused("promote", "staging", "production", "orders")
    assert told == lacking("Broker", "default", "production")
    shop.ok("promote", "staging", "production")


def test_a_removal_of_a_dead_letter_sink(shop: Workspace) -> None:
    """The Broker that still names it has to go first, or along."""
    with_sink(shop)
    broker = "  broker: {name: default, delivery: {deadLetter: {function: dead}}}\n"
    shop.change("  namespace: shop\n", f"  namespace: shop\n{broker}")
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    shop.change(DEAD, "")
    shop.change(broker, "")
    shop.ok("generate")
    assert shop.refused("promote", "dev", "staging") == lacking("Broker", "default")
    shop.ok("promote", "dev", "staging", "--environment")
    assert not shop.path("overlays/staging/dead").exists()


def test_a_sink_in_another_namespace_is_not_plaits(shop: Workspace) -> None:
    """A ref or a uri may lead anywhere, and is somebody else's."""
    with_sink(shop)
    sink = "{ref: {apiVersion: v1, kind: Service, name: dead, namespace: elsewhere}}"
    shop.change(IMAGE, f"{IMAGE}      delivery: {{deadLetter: {sink}}}\n")
    shop.ok("generate")
    shop.ok("promote", "dev", "staging", "invoice")


def test_entries_of_the_user_stop_a_removal(staged: Workspace) -> None:
    """They are listed; nothing is removed until they are moved."""
    path = "overlays/staging/invoice/kustomization.yaml"
    staged.write(path, f"{staged.read(path)}labels:\n- pairs: {{team: shop}}\n")
    staged.write("overlays/staging/invoice/hpa.yaml", "kind: HorizontalPodAutoscaler\n")
    start, end = staged.read("functions.yaml").split("    invoice:\n")
    staged.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    staged.ok("generate")
    told = staged.refused("promote", "dev", "staging")
    assert told.startswith("error: folders that would be removed hold entries of yours:\n")
    assert "  overlays/staging/invoice/hpa.yaml\n" in told
    assert f"  {path}: labels\n" in told
