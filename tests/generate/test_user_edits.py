"""What a user writes into the kustomizations of an overlay survives generate, release and promote."""

from collections.abc import Callable

import pytest

from tests.generate.conftest import shop
from tests.generate.repository import Repository
from tests.support import manifests
from tests.support.kustomize import builder

ORDERS = "overlays/dev/orders/kustomization.yaml"
DEV = "overlays/dev/kustomization.yaml"
USERS = """\
# Ours: ask team shop first.
---
# first
kind:   Kustomization          # spaces stay
apiVersion: 'kustomize.config.k8s.io/v1beta1'

commonAnnotations: &ours {example.com/owner: "shop", time: '12:30'}  # flow

resources: # what we run
  # the base
  - ../../../base/orders   # from plait
  # our own
  - "extra.yaml"

namespace: shop
images:
  - name: sidecar
    newTag: "007" # not ours

  - newTag: "1" # {"$imagepolicy": "flux-system:orders:tag"}
    # the name is the placeholder
    name: orders
    newName: registry.example.com/orders # {"$imagepolicy": "flux-system:orders:name"}

# patches, in order
patches:
  - path: mine.yaml
    target: {kind: Deployment, name: orders}   # explained
  - path: plait-deployment.yaml
  # - path: disabled.yaml
  - patch: |-
      - op: add
        path: /metadata/labels/x
        value: "y"    # not a comment of ours


    target:
      kind: Service
replicas:
- {name: orders, count: 2}
labels:
- pairs: *ours
# the end"""


@pytest.fixture
def edited(repository: Repository) -> Repository:
    """A user's kustomization for orders in dev."""
    repository.write(ORDERS, USERS)
    repository.write(
        "overlays/dev/orders/extra.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n"
    )
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec: {minReadySeconds: 5}\n"
    repository.write("overlays/dev/orders/mine.yaml", patch)
    return repository


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text,
        lambda text: text + "\n",
        lambda text: text + "\n\n\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r\n") + "\r\n",
        lambda text: "\ufeff" + text.partition("---\n")[2],
        lambda text: "%YAML 1.2\n" + text.replace("# Ours: ask team shop first.\n", ""),
        lambda text: text + "\n...\n",
    ],
    ids=[
        "no-final-newline",
        "newline",
        "blank-lines",
        "crlf-no-final",
        "crlf",
        "bom",
        "directive",
        "end-marker",
    ],
)
def test_a_file_that_is_current_is_not_touched(edited: Repository, rewrite: Callable[[str], str]) -> None:
    """Not a byte of it, however it is written."""
    text = rewrite(USERS)
    edited.write(ORDERS, text)
    edited.ok("generate")
    assert edited.read(ORDERS) == text
    edited.ok(
        "release", "dev", "orders=registry.example.com/orders:2", "invoice=registry.example.com/invoice:9"
    )
    assert edited.read(ORDERS) == text.replace('newTag: "1" #', 'newTag: "2" #')
    edited.ok("promote", "dev", "live")
    edited.ok("generate")
    assert edited.read(ORDERS) == text.replace('newTag: "1" #', 'newTag: "2" #')


def test_every_entry_of_plaits_can_change_beside_the_users(edited: Repository) -> None:
    """namespace, image, generator, patches; new ones below the user's, what goes without a trace."""
    data = shop(namespace="elsewhere")
    edited.write("code/function.py", "")
    data["spec"]["functions"]["orders"] |= {"runtime": "python", "packaging": "configMap", "source": "code"}
    data["spec"]["environments"]["dev"] = {"labels": {"stage": "dev"}}
    edited.spec(data)
    edited.ok("generate")
    changed = USERS.replace("namespace: shop", "namespace: elsewhere")
    changed = changed.replace(
        "      kind: Service\n",
        "      kind: Service\n  - path: plait-service.yaml\n  - path: plait-trigger-orders.yaml\n    target:\n"
        "      group: eventing.knative.dev\n      version: v1\n      kind: Trigger\n      name: orders\n",
    )
    code = "\nconfigMapGenerator:\n- name: orders-code\n  files:\n  - code/function.py\n  options:\n    labels:\n"
    assert edited.read(ORDERS).startswith(changed + code)
    builder("kubectl")(edited.root / "overlays/dev/orders")
    edited.spec(shop())
    edited.ok("generate")
    assert edited.read(ORDERS) == USERS


def test_entries_of_the_environment_stay(repository: Repository) -> None:
    """Functions come and go between the user's resources."""
    text = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamePrefix: team-\n"
        "components: [../../components/tracing]\n\nnamespace: shop\n# plait's and ours\nresources:\n- ours.yaml # a\n"
        "- _environment\n\n# about orders\n- orders\n# about invoice\n- invoice\n- ../elsewhere # b\n"
    )
    repository.write(DEV, text)
    repository.ok("generate")
    assert repository.read(DEV) == text
    repository.spec(shop("invoice", "late"))
    repository.ok("generate")
    assert repository.read(DEV) == text.replace("- orders\n", "") + "- late\n"


def test_follow_is_written_and_taken_back_beside_a_users_comment(edited: Repository) -> None:
    """The mark stands behind the name of the image entry, and nowhere else."""
    edited.write(ORDERS, USERS.replace("    name: orders\n", "    name: orders # ours\n", 1))
    before = edited.read(ORDERS)
    edited.ok("release", "dev", "orders", "--follow")
    assert edited.read(ORDERS) == before.replace("# ours\n", "# ours # follows functions.yaml\n")
    data = shop()
    data["spec"]["functions"]["orders"]["image"] = "registry.example.com/orders:5"
    edited.spec(data)
    edited.ok("generate")
    assert 'newTag: "5" # {"$imagepolicy"' in edited.read(ORDERS)
    edited.ok("release", "dev", "orders")
    assert edited.read(ORDERS) == before.replace('newTag: "1"', 'newTag: "5"')


def test_the_users_part_is_built(edited: Repository) -> None:
    """kustomize applies it to what plait generates; render says that it does not."""
    text = USERS.replace("labels:\n- pairs: *ours\n", "")
    edited.write(ORDERS, text)
    objects = {
        f"{item['kind']} {item['metadata']['name']}": item
        for item in builder("kubectl")(edited.root / "overlays/dev")
    }
    assert objects["Deployment orders"]["spec"]["minReadySeconds"] == 5
    assert objects["Service orders"]["metadata"]["labels"]["x"] == "y"
    assert "ConfigMap extra" in objects
    said = edited.refused("render", "dev")
    entries = [
        "commonAnnotations",
        "replicas",
        "resources: extra.yaml",
        "images: sidecar",
        "patches: mine.yaml",
    ]
    assert all(f"  {ORDERS}: {entry}\n" in said for entry in entries)


def test_data_of_a_users_file_is_read_as_kustomize_reads_it() -> None:
    """The examples here are YAML to others too."""
    assert manifests.load(USERS)[0]["images"][0] == {"name": "sidecar", "newTag": "007"}
