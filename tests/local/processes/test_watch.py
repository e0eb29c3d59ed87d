"""Which changes below a folder of Knative's YAML are heard."""

import asyncio
from pathlib import Path

from plait.local.processes import watch
from plait.local.routes import manifests
from tests.local.processes.support import coroutine, eventually


class Heard:
    """Counts the changes below a folder."""

    def __init__(self, folder: Path) -> None:
        self.count = 0
        self._changes = watch.below([folder], manifests.counts)

    async def listen(self) -> None:
        """Until it is cancelled."""
        async for _ in self._changes:
            self.count += 1


@coroutine
async def test_what_is_heard_below_a_folder(tmp_path: Path) -> None:
    """Files of YAML and folders with them are; a log that grows, and what is hidden, is not."""
    folder, away, log = tmp_path / "k8s", tmp_path / "away", tmp_path / "k8s" / "log"
    (folder / ".plait").mkdir(parents=True)
    away.mkdir()
    (away / "b.yaml").write_text("b")
    log.write_text("a line\n")
    heard = Heard(folder)
    task = asyncio.create_task(heard.listen())
    await asyncio.sleep(0)
    for silent in (log, folder / ".plait" / "a.yaml", folder / "notes.txt"):
        silent.write_text("another\n")
    await asyncio.sleep(0.3)  # time to hear what is not to be heard
    assert heard.count == 0
    (folder / "a.yaml").write_text("a")
    await eventually(lambda: heard.count > 0)
    before = heard.count
    away.rename(folder / "inner")
    await eventually(lambda: heard.count > before)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
