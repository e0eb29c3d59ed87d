"""Kustomizations in every style of YAML: edited as a person would, or refused with what to write."""

import pytest

from tests.generate.repository import Repository

DEV = "overlays/dev/kustomization.yaml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("resources: [a.yaml, _environment, orders, invoice]\n", None),
        (
            "resources: [ _environment, a.yaml ]  # ours\n",
            "resources: # ours\n- a.yaml\n- _environment\n- invoice\n- orders\n",
        ),
        ("resources: [] # none\n", "resources: # none\n- _environment\n- invoice\n- orders\n"),
        ("resources: # none\n", "resources: # none\n- _environment\n- invoice\n- orders\n"),
        ("resources:\n", "resources:\n- _environment\n- invoice\n- orders\n"),
        ("resources: [\n  a.yaml,\n]\n", "resources:\n- a.yaml\n- _environment\n- invoice\n- orders\n"),
        ("", "resources:\n- _environment\n- invoice\n- orders\n"),
        (
            "resources:\n  -\n    orders\n  - a\n",
            "resources:\n  -\n    orders\n  - a\n  - _environment\n  - invoice\n",
        ),
        (
            "resources:\n- orders\n- orders\n- invoice\n- _environment\n",
            "resources:\n- orders\n- invoice\n- _environment\n",
        ),
    ],
)
def test_lists_in_every_style_can_be_edited(repository: Repository, before: str, after: str | None) -> None:
    """In brackets, empty, without a value; doubled by a merge."""
    head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\n"
    repository.write(DEV, head + before + "nameSuffix: -x\n")
    repository.ok("generate")
    tail = "nameSuffix: -x\n"
    assert repository.read(DEV) == head + (tail + (after or "") if not before else (after or before) + tail)
    assert repository.ok("generate").err.startswith("nothing to change")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "resources: [ # ours\n  a.yaml]\n",
            "line 1: `resources` is a list in [brackets] with a comment inside",
        ),
        ("{resources: [a.yaml]}\n", "a mapping in {braces}"),
        ("resources: orders\n", "`resources` is not a list"),
        ("- orders\n", "not a single mapping"),
        ("a: 1\n---\nb: 2\n", "not a single mapping"),
        ("a: [\n", "not YAML"),
        ("labels:\n- pairs: &p {a: b}\n<<: *p\n", "a merge key (<<) at the top"),
        ("labels:\n- <<: [b]\n", "a merge key (<<) takes a mapping, or a list of them"),
        ("labels:\n- &a {}\n- <<: *a\n  <<: *a\n", "duplicate key '<<'"),
        ("a: 1\na: 2\n", "duplicate key 'a'"),
        ("x: &n shop\ny: *n\nnamespace: &m other\nz: *m\n", "plait cannot edit this file without harm"),
        ("resources: &r\n- orders\n- a\ncrds: *r\n", "plait cannot edit this file without harm"),
        ("nameSuffix: |+\n  x\n\n\n", "plait cannot edit this file without harm"),
    ],
)
def test_what_plait_cannot_edit_is_refused(repository: Repository, text: str, message: str) -> None:
    """Never a file that is spoilt: it says what it cannot do, and where."""
    repository.write(DEV, text)
    said = repository.refused("generate")
    assert said.startswith(f"error: {DEV}:")
    assert message in said


def test_what_it_cannot_edit_it_tells_to_write(repository: Repository) -> None:
    """The entries, ready to be copied."""
    repository.write(DEV, "nameSuffix: |+\n  x\n\n\n")
    assert repository.refused("generate").endswith(
        "  hint: write these entries there yourself:\n    namespace: shop\n    resources:\n    - _environment\n"
        "    - invoice\n    - orders\n"
    )
