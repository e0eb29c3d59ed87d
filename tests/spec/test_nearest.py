"""The name that was most likely meant."""

import pytest

from plait.errors import closest, nearest

STAGES = ["development", "staging", "production"]


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("prod", STAGES, "production"),
        ("Prod", STAGES, "production"),
        ("mini", ["minikube", "main"], "minikube"),
        ("stg", STAGES, "staging"),
        ("src", ["source", "subscribes", "image"], "source"),
        ("prd", ["production", "pre"], "production"),
        ("productoin", STAGES, "production"),
        ("nod", ["node", "none"], "node"),
        ("sales", ["sale", "shares-of-many-companies"], "sale"),
        ("prod", ["product", "production"], "product"),
        ("x", ["xylophone"], None),
        ("rod", STAGES, None),
        ("", STAGES, None),
        ("prod", [], None),
        ("p" * 1000, ["p" * 1000], None),
    ],
)
def test_which_name_is_meant(name: str, known: list[str], meant: str | None) -> None:
    """A slip of the pen, a beginning that only one name has, or its letters in their order."""
    assert closest(name, known) == meant
    assert nearest(name, known) == (f"did you mean {meant!r}?" if meant else None)


def test_among_many_names() -> None:
    """A short form is found among more names than are compared letter by letter."""
    assert closest("invoi", [f"order-{number}" for number in range(2000)] + ["invoice-archive"]) == (
        "invoice-archive"
    )
