"""The end of plait, however it comes, leaves no process. Seen from outside: driver.py does as `plait run`."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.processes.support import marked, write

DRIVER = Path(__file__).parent / "driver.py"
ROOT = Path(__file__).parents[3]
FAMILY = "import subprocess\nsubprocess.Popen(['sleep', '1000'])\ndef handle(event): pass\n"
STUBBORN = FAMILY + "from plait_handler import on_stop\nimport time\n@on_stop\ndef stay(): time.sleep(1000)\n"


def until(condition: Callable[[], object]) -> None:
    """Wait until it holds."""
    latest = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < latest, "this did not come true"
        time.sleep(0.05)


class Driver:
    """A project that runs; every process of it has `mark` in its environment, plait's own too."""

    def __init__(self, root: Path, code: str, *wrapper: str) -> None:
        self.mark = f"MARK-{root}"
        write(root, {name: {"env": {"MARK": self.mark}} for name in ("orders", "stock")}, code)
        self.log = root / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*wrapper, sys.executable, str(DRIVER), str(root)],
                stderr=log,
                env={**os.environ, "MARK": self.mark, "PYTHONPATH": str(ROOT)},
            )

    @property
    def ready(self) -> bool:
        """Whether both functions are."""
        return self.log.read_text().count("ready at") == 2

    def end(self, number: signal.Signals) -> int:
        """Send the signal, wait until plait is gone and until nothing is left; the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        until(lambda: marked(self.mark) == [])
        return code


Start = Callable[..., Driver]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs a project with this code, by another command if one is given; what a failed test leaves is ended."""
    drivers: list[Driver] = []

    def begin(code: str, *wrapper: str) -> Driver:
        drivers.append(Driver(tmp_path, code, *wrapper))
        return drivers[-1]

    yield begin
    for driver in drivers:
        driver.process.kill()
        driver.process.wait()
        for process in marked(driver.mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal(start: Start, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the functions, and plait with 0."""
    driver = start(FAMILY)
    until(lambda: driver.ready)
    assert len(marked(driver.mark)) >= 6
    assert driver.end(number) == 0
    assert [line.split()[0] for line in driver.log.read_text().splitlines()[-2:]] == ["stock", "orders"]


def test_nohup(start: Start) -> None:
    """There a closed terminal ends nothing."""
    driver = start(FAMILY, "nohup")
    until(lambda: driver.ready)
    status = Path(f"/proc/{driver.process.pid}/status").read_text()
    (ignored,) = (int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigIgn"))
    assert ignored & 1 << signal.SIGHUP - 1
    driver.process.send_signal(signal.SIGHUP)
    assert driver.end(signal.SIGTERM) == 0


def test_a_second_signal(start: Start) -> None:
    """A function that is still busy is ended at once."""
    driver = start(STUBBORN)
    until(lambda: driver.ready)
    driver.process.send_signal(signal.SIGINT)
    until(lambda: "orders | stops" in driver.log.read_text())
    assert driver.end(signal.SIGINT) == 0


def test_kill_9(start: Start) -> None:
    """Not even plait's own sudden death leaves a function, or what a function started."""
    driver = start(FAMILY)
    until(lambda: driver.ready)
    assert driver.end(signal.SIGKILL) == -signal.SIGKILL


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_kill_9_while_they_start(start: Start, moment: int) -> None:
    """Nor does it while they are on their way: as soon as there are so many processes, plait is killed."""
    driver = start(FAMILY)
    until(lambda: len(marked(driver.mark)) >= moment)
    driver.end(signal.SIGKILL)
