"""Marks on functions, and what a loaded function does with them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from plait_handler import liveness, on_start, on_stop
from plait_handler.errors import LoadError
from plait_handler.function.loader import load, takes_context
from plait_handler.function.python import is_async
from plait_handler.hooks import Kind, marked


def test_marks() -> None:
    """A decorator gives back the function; each hook is found once, in order, by its kind."""

    @on_start
    def first() -> str:
        return "first"

    @on_start
    async def second() -> None:
        """Async."""

    @on_stop
    def last() -> None:
        """Another kind."""

    assert first() == "first"
    values = [first, second, last, first, 5, "x", object()]
    assert marked(values, Kind.START) == (first, second)
    assert marked(values, Kind.STOP) == (last,)
    assert marked(values, Kind.LIVENESS) == ()


def test_a_proxy_is_not_woken() -> None:
    """A lazy object of some library, which fails when it is touched too early."""

    class Proxy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert marked([Proxy()], Kind.START) == ()


def test_on_stop_hooks_all_run(tmp_path: Path) -> None:
    """One that fails does not keep the next from its work."""
    done: list[str] = []
    (tmp_path / "function.py").write_text(
        "from plait_handler import on_stop\n"
        "DONE = []\n"
        "@on_stop\ndef first(): raise ValueError('x')\n"
        "@on_stop\nasync def second(): DONE.append('second')\n"
        "def handle(event): return DONE\n"
    )
    function = load(tmp_path, concurrency=1, exhausted=lambda: None)

    async def stop() -> Any:
        with pytest.raises(ExceptionGroup, match="on_stop failed"):
            await function.stop()
        return await function.invoke(None, None)  # type: ignore[arg-type]

    done = asyncio.run(stop())
    assert done == ["second"]


def test_kinds_of_handles() -> None:
    """`async def`, and objects with an async `__call__`."""

    class Called:
        async def __call__(self, event: Any) -> None:
            """Async."""

    async def handle(event: Any) -> None:
        """Async."""

    assert (is_async(handle), is_async(Called()), is_async(print)) == (True, True, False)


@pytest.mark.parametrize(
    ("handle", "context"),
    [
        (lambda _: None, False),
        (lambda _, __: None, True),
        (lambda _, __=None: None, True),
        (lambda *_: None, True),
        (lambda _, **__: None, False),
    ],
)
def test_signatures(handle: Any, context: bool) -> None:  # noqa: FBT001
    """The context is given to whoever takes two arguments."""
    assert takes_context(handle, Path("function.py")) is context


def test_a_signature_that_cannot_be() -> None:
    """An error that says what it must be."""
    with pytest.raises(LoadError, match=r"it must take \(event\) or \(event, context\)"):
        takes_context(lambda *, event: event, Path("function.py"))


def test_a_liveness_hook_is_still_callable() -> None:
    """In a test of the user's."""

    @liveness
    def lives() -> bool:
        return True

    assert lives()


def test_the_functions_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbour is found before another module of its name, wherever the folder stood before."""
    for folder, text in (("other", "WHO = 'other'"), ("own", "WHO = 'own'")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "the_neighbour.py").write_text(text)
    own = tmp_path / "own"
    (own / "function.py").write_text("from the_neighbour import WHO\ndef handle(event): return WHO\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "other"), str(own), *sys.path])
    monkeypatch.delitem(sys.modules, "function", raising=False)
    load(own, concurrency=1, exhausted=lambda: None)
    assert sys.modules.pop("the_neighbour").WHO == "own"
