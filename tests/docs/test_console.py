"""What runs the documents: it must see a wrong output, and not mind an id."""

from pathlib import Path

import pytest

from tests.support.console import executed


def console(*lines: str) -> str:
    """A document of one block."""
    return "```console\n" + "".join(f"{line}\n" for line in lines) + "```\n"


def test_a_wrong_output_is_replaced(tmp_path: Path) -> None:
    """So the comparison with the document fails, and --update-golden mends it."""
    assert executed(console("$ echo 2", "1"), tmp_path) == console("$ echo 2", "2")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("committed 0123abc: it", "committed 89ab0cd: it"),
        ("id 735e8a71-5fd9-4d3c-9d38-d1a00f0a97d9", "id 00000000-5fd9-4d3c-9d38-d1a00f0a97d9"),
        ("200 in 3.4 ms from http://127.0.0.1:41867", "200 in 515 ms from http://127.0.0.1:80"),
        ("at 2026-11-24T12:29:47.088457Z", "at 2027-01-01T00:00:00Z"),
    ],
)
def test_what_no_two_runs_share_may_differ(tmp_path: Path, written: str, printed: str) -> None:
    """Ids, ports, times and commits; the document keeps its own."""
    document = console(f"$ echo '{printed}'", written)
    assert executed(document, tmp_path) == document


def test_what_stands_around_an_id_may_not_differ(tmp_path: Path) -> None:
    """`delivered in 3 ms` is not `refused in 3 ms`."""
    document = console("$ echo refused in 3 ms", "delivered in 4 ms")
    assert executed(document, tmp_path) == console("$ echo refused in 3 ms", "refused in 3 ms")


def test_a_block_with_a_file_is_written_before_what_follows(tmp_path: Path) -> None:
    """As a reader would save it, in the folder that `cd` led to."""
    file = "```python file=functions/orders.py\nprint(7)\n```\n"
    document = console("$ mkdir shop", "$ cd shop") + file + console("$ cat functions/orders.py", "print(7)")
    assert executed(document, tmp_path) == document
    assert (tmp_path / "shop" / "functions" / "orders.py").read_text() == "print(7)\n"
