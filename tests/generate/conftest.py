"""Small repositories to change."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.generate.repository import Repository, minimal

STAGES = {"dev": {"platform": "minikube"}, "live": {"platform": "openshift", "promotesFrom": "dev"}}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A generated repository: functions orders and invoice, environment dev, and live gated behind it."""
    repository = Repository(tmp_path / "repository")
    repository.spec(shop())
    repository.ok("generate")
    repository.ok("promote", "dev", "live")
    return repository


def shop(*names: str, **spec: Any) -> dict[str, Any]:
    """The functions.yaml of that repository, or one with other functions and fields."""
    data = minimal(*(names or ("orders", "invoice")), environments=deepcopy(STAGES), **spec)
    for name, function in data["spec"]["functions"].items():
        function["subscribes"] = [{"type": f"com.example.{name}"}]
    return data
