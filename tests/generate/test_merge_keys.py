"""Merge keys (<<) in a user's part of a kustomization, as kustomize follows them."""

import pytest

from tests.generate.repository import Repository
from tests.support.kustomize import builder

ORDERS = "overlays/dev/orders/kustomization.yaml"
USERS = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
- ../../../base/orders
patches:
- &label # ours
  target: {kind: Deployment}
  patch: |-
    - op: add
      path: /metadata/labels/team
      value: shop
- <<: *label # the same
  target: {kind: Service}
- path: plait-deployment.yaml
images:
- &sidecar {name: sidecar, newTag: "1"}
- <<: *sidecar
  name: proxy
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "- name: orders # here\n  newName: registry.example.com/orders\n  newTag: '1'\n",
            '- name: orders # here\n  newName: registry.example.com/orders\n  newTag: "2"\n',
        ),
        (
            "- <<: *sidecar\n  # in it\n  name: orders\n",
            '  # in it\n- name: orders\n  newName: registry.example.com/orders\n  newTag: "2"\n',
        ),
        (
            "- name: orders\n  <<: [*sidecar, {newName: registry.example.com/orders}]\n",
            '- name: orders\n  newName: registry.example.com/orders\n  newTag: "2"\n',
        ),
    ],
)
def test_the_users_entries_stay(repository: Repository, before: str, after: str) -> None:
    """Byte for byte; an entry of plait's that is merged itself is written out when it changes."""
    repository.write(ORDERS, USERS + before)
    repository.ok("generate")
    repository.ok("release", "dev", "orders=registry.example.com/orders:2")
    assert repository.read(ORDERS) == USERS + after
    assert repository.ok("generate").err.startswith("nothing to change")


def test_kustomize_follows_them(repository: Repository) -> None:
    """What plait takes for the content is what a real build does."""
    own = "- <<: *sidecar\n  name: orders\n  newName: registry.example.com/orders\n"
    repository.write(ORDERS, USERS + own)
    repository.ok("generate")
    built = {item["kind"]: item for item in builder("kubectl")(repository.root / "overlays/dev/orders")}
    assert [built[kind]["metadata"]["labels"]["team"] for kind in ("Deployment", "Service")] == ["shop"] * 2
    (container,) = built["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example.com/orders:1"


@pytest.mark.parametrize("follow", [True, False])
def test_follow_beside_them(repository: Repository, follow: bool) -> None:  # noqa: FBT001
    """The comment goes behind plait's entry, never behind the one that it is merged from."""
    own = "- <<: *sidecar\n  name: orders\n  newName: registry.example.com/orders\n"
    repository.write(ORDERS, USERS + own)
    repository.ok("generate")
    repository.ok("release", "dev", "orders", *["--follow"] * follow)
    text = repository.read(ORDERS)
    assert text.startswith(USERS)
    assert text.count("# follows functions.yaml") == follow


def test_an_anchor_in_an_entry_that_goes(repository: Repository) -> None:
    """What is merged from it would be lost: it is refused."""
    patches = "- &p\n  path: plait-gone.yaml\n  target: {kind: Service}\n- <<: *p\n  path: mine.yaml\n"
    repository.write(ORDERS, USERS.partition("patches:")[0] + "patches:\n" + patches)
    repository.write("overlays/dev/orders/mine.yaml", "[]\n")
    assert "plait cannot edit this file without harm" in repository.refused("generate")
