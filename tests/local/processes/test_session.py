"""Real Python functions of a real functions.yaml: events, secrets, reload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from plait.errors import PlaitError, SpecError
from plait.local.processes.session import Options, session
from plait.local.processes.supervisor import Supervisor
from tests.local.processes.support import ECHO, Screen, coroutine, eventually, marked, post, write

SECRET = {"secret": {"name": "payment", "key": "token"}}
LEAKY = "import os\ndef handle(event):\n    print('has', os.environ['TOKEN'], os.getcwd())\n"


@asynccontextmanager
async def running(root: Path, **hooks: Any) -> AsyncIterator[tuple[Supervisor, Screen]]:
    """The functions of a project, all ready."""
    screen = Screen()
    async with session(Options(root), screen, **hooks) as supervisor:
        await supervisor.ready()
        yield supervisor, screen


async def changed(supervisor: Supervisor, name: str, before: str) -> str:
    """The URL of a function that is no longer the one before."""
    await eventually(lambda: supervisor.urls.get(name) not in (None, before))
    return supervisor.urls[name]


@coroutine
async def test_an_event_and_a_secret(tmp_path: Path) -> None:
    """The function has the secret of `.env`, and whoever looks at the screen has not."""
    root = write(tmp_path, {"orders": {"env": {"TOKEN": SECRET}}}, LEAKY)
    (root / ".env").write_text("TOKEN=sesame-open\n")
    seen: list[str] = []
    hook = {"on_source": lambda source: seen.append(source.spec.metadata.name)}
    async with running(root, **hook) as (supervisor, screen):
        assert await post(supervisor.urls["orders"], id="4711") == 204
        await eventually(screen.has("orders | has *** /", "no_reply 204"))
        assert "t from /s id 4711" in screen.text
        assert "sesame" not in screen.text
        assert seen == ["shop"]
        (root / ".env").write_text("TOKEN=other-word\n")
        url = await changed(supervisor, "orders", supervisor.urls["orders"])
        assert await post(url) == 204
        await eventually(lambda: screen.text.count("has ***") == 2)


@coroutine
async def test_a_changed_source(tmp_path: Path) -> None:
    """The function that it is of is replaced, and answers with the new code; caches do not count."""
    root = write(tmp_path, {"orders": {}, "stock": {}})
    async with running(root) as (supervisor, screen):
        before = supervisor.urls
        for name in (
            "__pycache__/x.pyc",
            "node_modules/x.js",
            ".git/index",
            "function.py~",
            ".function.py.swp",
        ):
            file = root / "functions/stock" / name
            file.parent.mkdir(exist_ok=True)
            file.write_text("x")
        (root / "functions/orders/function.py").write_text(ECHO.replace("'event'", "'changed'"))
        url = await changed(supervisor, "orders", before["orders"])
        await post(url)
        await eventually(screen.has("orders | changed 1"))
        assert supervisor.urls["stock"] == before["stock"]
        assert "stock  | the source has changed" not in screen.text


@coroutine
async def test_no_event_is_refused(tmp_path: Path) -> None:
    """While the code is replaced, every event that is posted is answered."""
    root = write(tmp_path, {"orders": {}}, "import time\ndef handle(event): time.sleep(0.05)\n")
    code = root / "functions/orders/function.py"
    async with running(root) as (supervisor, screen):
        before = supervisor.urls["orders"]
        code.write_text(code.read_text() + "\n")
        answers = []
        while supervisor.urls["orders"] == before or screen.text.count("no_reply") < 50:
            both = await asyncio.gather(*(post(supervisor.urls["orders"]) for _ in range(4)))
            answers += both
        assert set(answers) == {204}


@coroutine
async def test_a_source_that_breaks(tmp_path: Path) -> None:
    """The traceback is shown, events go to the code before, and mended code takes over."""
    root = write(tmp_path, {"orders": {}})
    code = root / "functions/orders/function.py"
    async with running(root) as (supervisor, screen):
        before = supervisor.urls["orders"]
        code.write_text("def handle(:\n")
        await eventually(screen.has("SyntaxError", "the new one does not start; the one before goes on"))
        assert await post(supervisor.urls["orders"]) == 204
        assert supervisor.urls["orders"] == before
        code.write_text(ECHO)
        assert await post(await changed(supervisor, "orders", before)) == 204


@coroutine
async def test_a_source_that_goes_and_comes(tmp_path: Path) -> None:
    """A folder that a build makes anew is still watched."""
    root = write(tmp_path, {"orders": {}})
    folder = root / "functions/orders"
    async with running(root) as (supervisor, screen):
        before = supervisor.urls["orders"]
        folder.rename(root / "away")
        await eventually(screen.has("the one before goes on"))
        (root / "away").rename(folder)
        after = await changed(supervisor, "orders", before)
        (folder / "function.py").write_text(ECHO + "\n")
        await changed(supervisor, "orders", after)


@coroutine
async def test_a_changed_functions_yaml(tmp_path: Path) -> None:
    """With mistakes it is told, and nothing else happens; mended, only what changed is restarted."""
    root = write(tmp_path, {"orders": {}, "stock": {}})
    async with running(root) as (supervisor, screen):
        before = supervisor.urls
        (root / "functions.yaml").write_text("apiVersion: plait.dev/v2\n")
        await eventually(screen.has("plait  | what ran before goes on"))
        assert f"plait  | {root}/functions.yaml:1:13: " in screen.text
        assert supervisor.urls == before
        write(root, {"orders": {"env": {"A": "1"}}, "stock": {}, "mail": {}})
        await changed(supervisor, "mail", "")
        await changed(supervisor, "orders", before["orders"])
        assert supervisor.urls["stock"] == before["stock"]
        (root / "functions/mail/function.py").write_text(ECHO + "\n")
        await changed(supervisor, "mail", supervisor.urls["mail"])
        write(root, {"stock": {}})
        await eventually(lambda: list(supervisor.urls) == ["stock"])
        assert supervisor.urls["stock"] == before["stock"]


@coroutine
async def test_a_hook_that_refuses(tmp_path: Path) -> None:
    """What the broker says of functions.yaml counts as a mistake in it."""
    root = write(tmp_path, {"orders": {}})
    asked: list[object] = []

    def refuse(source: object) -> None:
        asked.append(source)
        if len(asked) > 1:
            raise PlaitError("no such filter")

    async with running(root, on_source=refuse) as (supervisor, screen):
        write(root, {"orders": {"env": {"A": "1"}}})
        await eventually(screen.has("no such filter", "what ran before goes on"))
        assert supervisor.waiting == []


@coroutine
async def test_an_error_beside_them(tmp_path: Path) -> None:
    """What goes wrong beside the functions (a port that is taken) ends them and arrives as what it is."""
    root = write(tmp_path, {"orders": {}})
    mark = f"MARK-{root}"
    write(root, {"orders": {"env": {"MARK": mark}}})
    with pytest.raises(PlaitError, match="port 8080 is taken"):
        await _with_a_port_that_is_taken(root, mark)
    assert marked(mark) == []


async def _with_a_port_that_is_taken(root: Path, mark: str) -> None:
    async with running(root):
        assert marked(mark)
        raise PlaitError("port 8080 is taken")


@coroutine
async def test_mistakes_at_the_start(tmp_path: Path) -> None:
    """Nothing starts."""
    root = write(tmp_path, {"orders": {"env": {"TOKEN": SECRET}}})
    screen = Screen()
    with pytest.raises(SpecError, match=r"TOKEN of orders is in the Secret payment, key token"):
        async with session(Options(root, shell={}), screen):
            pass
    with pytest.raises(PlaitError, match="no environment named 'prod'"):
        async with session(Options(root, "prod"), screen):
            pass
    assert screen.text == ""
