"""plait check: what a cluster would refuse by default, and sources that are not there."""

from tests.cli.test_check import findings
from tests.cli.workspace import Workspace

IMAGE = "      image: registry.example.com/shop/invoice:1.0.0\n"


def _rules(workspace: Workspace, code: int = 0) -> list[tuple[str, int]]:
    return [(item["rule"], item["line"]) for item in findings(workspace, code=code)]


def test_an_image_without_a_version(staged: Workspace) -> None:
    """What runs would be :latest: a warning at the image."""
    staged.change(IMAGE, "      image: registry.example.com/shop/invoice\n")
    assert _rules(staged) == [("limit", 16)]


def test_a_timeout_that_knative_refuses(shop: Workspace) -> None:
    """Knative's default limit is 600 seconds; a Deployment has none."""
    shop.change(IMAGE, IMAGE + "      timeout: 900\n")
    shop.ok("generate")
    assert _rules(shop) == []
    shop.change("      timeout: 900\n", "      timeout: 900\n      serving: knative\n")
    shop.ok("generate")
    assert _rules(shop) == [("limit", 17)]


def test_a_source_folder_that_is_not_there(staged: Workspace) -> None:
    """A warning at `source`: an image can still run."""
    staged.change("source: functions/invoice", "source: functions/invoces")
    assert _rules(staged) == [("source", 15)]


def test_an_override_above_the_default_limit(shop: Workspace) -> None:
    """A request above the limit that plait sets by default is refused as Kubernetes would."""
    shop.change("{platform: minikube}", "{functions: {orders: {resources: {requests: {memory: 1Gi}}}}}")
    assert "is more than limits.memory (256Mi)" in shop.refused("generate", code=2)
