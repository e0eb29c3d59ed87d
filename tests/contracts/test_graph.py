"""What an event means is in its picture."""

from pathlib import Path

import pytest

from plait.graph import FORMS, build
from plait.project import Project
from tests.contracts.shop import PAID, spec, write

ABOUT = 'An order\nwas "paid" <in full>.'
LINE = 'An order was "paid" <in full>.'


def drawn(root: Path, form: str) -> str:
    """The graph of base/."""
    project = Project.load(root)
    objects = [item for group in project.base.values() for item in group.values()]
    return FORMS[form](build(project.flow, objects))


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("text", f"  {PAID} from /shop/orders\n    {LINE}\n    -> audit  (Trigger audit)"),
        ("svg", f'<title>{PAID} from /shop/orders An order was "paid" &lt;in full&gt;.</title>'),
        ("dot", 'tooltip="An order was \\"paid\\" <in full>."'),
        ("json", '"about": "An order was \\"paid\\" <in full>."'),
    ],
)
@pytest.mark.parametrize("place", ["contract", "emits"])
def test_the_description_of_an_event(tmp_path: Path, form: str, shown: str, place: str) -> None:
    """That of its contract, else that where a function emits it."""
    body = {"events": {PAID: {"description": ABOUT}}}
    if place == "emits":
        functions = spec()["spec"]["functions"]
        functions["orders"]["emits"][0]["description"] = ABOUT
        body = {"functions": functions, "events": {}}
    assert shown in drawn(write(tmp_path, **body), form)


def test_mermaid_stays_as_it_is(tmp_path: Path) -> None:
    """Its boxes have no room for sentences."""
    assert "paid in full" not in drawn(
        write(tmp_path, events={PAID: {"description": "paid in full"}}), "mermaid"
    )
