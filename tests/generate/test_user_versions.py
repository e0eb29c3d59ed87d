"""Empty files and versions that a user or Renovate writes into an overlay's kustomizations."""

import pytest

from tests.generate.repository import Repository
from tests.support.kustomize import builder

ORDERS = "overlays/dev/orders/kustomization.yaml"
DEV = "overlays/dev/kustomization.yaml"


@pytest.mark.parametrize("text", ["", "\n", "# ours", "---\n# ours\n", "# ours\n\n"])
def test_a_file_without_a_value_is_filled(repository: Repository, text: str) -> None:
    """Its comments stay above."""
    fresh = repository.read(DEV)
    repository.write(DEV, text)
    repository.ok("generate")
    assert repository.read(DEV) == text + ("\n" if text == "# ours" else "") + fresh


@pytest.mark.parametrize("tag", ["1.10", "007", "1e3", "0x1F", "true", "1_000", "2024-01-01", "latest"])
def test_a_tag_that_renovate_writes_is_kept(repository: Repository, tag: str) -> None:
    """Renovate and Flux change newTag in place, in the quotes that they find."""
    repository.change(ORDERS, 'newTag: "1"', f'newTag: "{tag}"')
    before = repository.files()
    repository.ok("generate")
    assert repository.files() == before
    build = builder("kubectl")(repository.root / "overlays/dev")
    assert repository.objects("dev") == build
    images = [
        item["spec"]["template"]["spec"]["containers"][0]["image"]
        for item in build
        if item["kind"] == "Deployment"
    ]
    assert f"registry.example.com/orders:{tag}" in images


@pytest.mark.parametrize("tag", ["1.10", "007", "1e3", "true"])
def test_a_tag_that_is_no_text_is_refused(repository: Repository, tag: str) -> None:
    """kustomize would take 1.10 for 1.1, or refuse it."""
    repository.change(ORDERS, 'newTag: "1"', f"newTag: {tag}")
    said = repository.refused("generate")
    assert said == (
        f"error: {ORDERS}: images: orders: newName and newTag are texts\n  hint: put them in quotes\n"
    )
