"""What a difference means, in words: of environments as plait builds them."""

from pathlib import Path

import pytest

from plait import render
from plait.compare import meaning
from plait.edits import Object
from plait.project import Project

SPEC = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
  functions:
    orders:
      runtime: container
      image: registry.example.com/shop/orders:1.0.0
      env: {LEVEL: info}
      subscribes: [{type: order.placed}]
    audit:
      runtime: container
      image: registry.example.com/shop/audit:1.0.0
      subscribes: [{type: order.paid, source: /shop}]
    bin:
      runtime: container
      image: registry.example.com/shop/bin:1.0.0
  environments:
    dev: {platform: kubernetes}
"""


def built(folder: Path, text: str) -> list[Object]:
    """The objects of dev."""
    (folder / "functions.yaml").write_text(text)
    return render.objects(Project.load(folder).overlays["dev"])


def replaced(old: str, new: str) -> str:
    """The functions.yaml with one thing changed."""
    assert SPEC.count(old) == 1
    return SPEC.replace(old, new)


AUDIT = "      subscribes: [{type: order.paid, source: /shop}]\n"
PAID = "order.paid from /shop"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (SPEC, []),
        (replaced("audit:1.0.0", "audit:1.1.0"), ["audit: 1.0.0 -> 1.1.0"]),
        (
            replaced("registry.example.com/shop/audit:1.0.0", "quay.io/audit:1"),
            ["audit: registry.example.com/shop/audit:1.0.0 -> quay.io/audit:1"],
        ),
        (replaced("{LEVEL: info}", "{LEVEL: debug}"), ["orders: the variable LEVEL changes"]),
        (
            replaced("{LEVEL: info}", "{NEW: x}"),
            ["orders: the variable LEVEL goes", "orders: the variable NEW is new"],
        ),
        (
            replaced(
                "      subscribes: [{type: order.placed}]\n",
                "      subscribes: [{type: order.paid, source: /shop}]\n",
            ),
            [f"{PAID} now also reaches orders", "order.placed no longer reaches orders"],
        ),
        (replaced("bin:1.0.0\n", "bin:1.0.0\n      subscribes: [{}]\n"), ["every event now reaches bin"]),
        (
            replaced(
                "bin:1.0.0\n",
                "bin:1.0.0\n      subscribes: [{filters: [{prefix: {type: order.}}, {not: {exact: {subject: x}}}]}]\n",
            ),
            ["events whose type starts with order. and not (events with subject x) now reaches bin"],
        ),
        (
            replaced(AUDIT, AUDIT + "      delivery: {deadLetter: {function: bin}}\n"),
            ["audit is now dead-lettered to bin"],
        ),
        (
            replaced(
                "  functions:\n",
                "  broker: {delivery: {retry: 3, backoffPolicy: linear, backoffDelay: PT1S}}\n  functions:\n",
            ),
            [
                f"delivery to {name}: {setting}, no longer by default"
                for name in ("audit", "orders")
                for setting in ("backoffDelay PT1S", "backoffPolicy linear", "retry 3")
            ],
        ),
        (
            replaced("orders:1.0.0\n", "orders:1.0.0\n      replicas: 3\n"),
            ["orders: 3 replicas, no longer 1 replica"],
        ),
        (
            replaced("orders:1.0.0\n", "orders:1.0.0\n      serving: knative\n"),
            [
                "orders is served by a Knative Service, no longer by a Deployment",
                "orders: as many replicas as the autoscaler says, no longer 1 replica",
            ],
        ),
    ],
)
def test_what_it_means(tmp_path: Path, text: str, sentences: list[str]) -> None:
    """And, the other way round, as many sentences."""
    before, after = built(tmp_path, SPEC), built(tmp_path, text)
    assert meaning(before, after) == sentences
    assert len(meaning(after, before)) == len(sentences)


def test_a_function_appears_and_goes(tmp_path: Path) -> None:
    """With its version, and what reaches it."""
    start, end = SPEC.index("    audit:"), SPEC.index("    bin:")
    without, whole = built(tmp_path, SPEC[:start] + SPEC[end:]), built(tmp_path, SPEC)
    image = "registry.example.com/shop/audit:1.0.0"
    assert meaning(without, whole) == [f"audit appears, {image}", f"{PAID} now reaches audit"]
    assert meaning(whole, without) == ["audit goes", f"{PAID} no longer reaches audit"]
