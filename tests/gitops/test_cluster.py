"""The loop against a real API server: what plait writes is taken, and each step changes what the builds say."""

from pathlib import Path

import pytest

from tests.gitops.cluster import cluster
from tests.gitops.test_loop import AUDIT, SPEC, Loop, loop

__all__ = ["loop"]


@pytest.mark.parametrize("loop", ["kubectl"], indirect=True)
def test_server_side_apply_with_pruning(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Generate, release, a new function, its removal: objects of the server change as those of the builds do."""
    folder: Path = tmp_path_factory.mktemp("cluster")
    with cluster(folder) as running:
        running.install()

        def synced() -> set[str]:
            """What changes in the cluster; the same as in the build."""
            built, _ = loop.synced()
            changed = running.sync(list(loop.dev.objects.values()), "shop")
            assert changed == built
            return changed

        first = running.sync(list(loop.dev.objects.values()), "shop")
        assert {"+ Namespace shop", "+ Broker default", "+ Deployment orders", "+ Trigger orders"} < first
        assert running.sync(list(loop.dev.objects.values()), "shop") == set()

        loop.plait("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
        loop.publish("orders 2.0.0")
        assert synced() == {"~ Deployment orders"}

        loop.write("functions.yaml", SPEC.replace("  environments:", AUDIT + "  environments:"))
        loop.plait("generate")
        loop.publish("audit")
        assert synced() == {"+ Deployment audit", "+ Service audit", "+ Trigger audit"}

        loop.git("revert", "--no-edit", "HEAD")
        loop.git("push", "--quiet", "origin", "main")
        assert synced() == {"- Deployment audit", "- Service audit", "- Trigger audit"}
