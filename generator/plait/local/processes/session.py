"""A functions.yaml that runs and is read again when it is saved: plan, supervisor and watch together."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from plait.errors import PlaitError, Problem
from plait.local.processes import envfile, watch
from plait.local.processes.output import Console
from plait.local.processes.plan import Plan, plan
from plait.local.processes.supervisor import OnChange, Supervisor
from plait.local.processes.tasks import background
from plait.local.processes.variables import Values
from plait.project import SPEC, load_spec
from plait.spec.load import Source

OnSource = Callable[[Source], None]
_OVERLAP = 1.0  # seconds


@dataclass(frozen=True)
class Options:
    """What to run.

    Attributes:
        root: the folder of functions.yaml.
        environment: whose overrides apply, or None.
        env_file: values of Secrets and ConfigMaps; None: `.env` in the root.
        reload: whether to watch files.
        shell: the variables that plait was started with.
        elsewhere: functions that run, and plait was told where.
    """

    root: Path
    environment: str | None = None
    env_file: Path | None = None
    reload: bool = True
    shell: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    elsewhere: Collection[str] = ()

    @property
    def files(self) -> tuple[Path, Path]:
        """functions.yaml and the file of values."""
        return self.root / SPEC, self.env_file or self.root / ".env"


@asynccontextmanager
async def session(
    options: Options,
    console: Console,
    on_urls: OnChange | None = None,
    on_source: OnSource | None = None,
) -> AsyncIterator[Supervisor]:
    """Run every function of a functions.yaml until the `async with` ends.

    Args:
        options: what to run.
        console: takes all output.
        on_urls: called with function to URL whenever that has changed.
        on_source: called with functions.yaml when it was read, before its functions start: at the start and
            at each change. A PlaitError from it counts as a mistake in the file.

    Raises:
        PlaitError, SpecError: functions.yaml or `.env` has mistakes at the start. Later ones are told, and
            what runs goes on.
    """
    first = read(options, on_source)
    async with Supervisor(console, on_urls) as supervisor, background() as tasks:
        reloading = _Reloading(options, console, on_source, supervisor, tasks)
        reloading.apply(first)
        try:
            yield supervisor
        finally:
            reloading.end()


def read(options: Options, on_source: OnSource | None) -> Plan:
    """The plan of what the files say now. Raises PlaitError, SpecError, those of `on_source` too."""
    source = load_spec(options.root)
    values = Values(options.shell, envfile.read(options.files[1]))
    wanted = plan(source, options.root, options.environment, values, elsewhere=options.elsewhere)
    if on_source:
        on_source(source)
    return wanted


class _Reloading:
    """Applies plans, and watches what they are made from."""

    def __init__(
        self,
        options: Options,
        console: Console,
        on_source: OnSource | None,
        supervisor: Supervisor,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._options, self._console, self._on_source = options, console, on_source
        self._supervisor, self._tasks = supervisor, tasks
        self._folders: Mapping[str, Path] = {}
        self._notes: Sequence[Problem] = ()
        self._watches: list[asyncio.Task[None]] = []
        if options.reload:
            self._watches.append(tasks.create_task(self._watch_files()))

    def apply(self, wanted: Plan) -> None:
        """Run this plan, and watch its sources."""
        self._supervisor.apply(wanted)
        for note in wanted.notes:
            if note not in self._notes:
                self._console.tell(note.text(SPEC), level="warning")
        self._notes = wanted.notes
        folders = {name: item.folder for name, item in wanted.processes.items()}
        if self._options.reload and folders != self._folders:
            # The watch before goes on for a moment: what it has seen and not yet told is not lost.
            for watching in self._watches[1:]:
                asyncio.get_running_loop().call_later(_OVERLAP, watching.cancel)
            self._watches[1:] = [self._tasks.create_task(self._watch_folders(folders))]
        self._folders = folders

    def end(self) -> None:
        """Watch no more."""
        for watching in self._watches:
            watching.cancel()

    async def _watch_files(self) -> None:
        async for _ in watch.telling(watch.files(self._options.files), self._console):
            self._reload()

    async def _watch_folders(self, folders: Mapping[str, Path]) -> None:
        async for names in watch.telling(watch.folders(folders), self._console):
            for name in sorted(names):
                self._console.tell("the source has changed", name)
                self._supervisor.restart(name)

    def _reload(self) -> None:
        """Read functions.yaml and `.env` again; with mistakes, what runs goes on."""
        try:
            wanted = read(self._options, self._on_source)
        except PlaitError as error:
            self._console.tell(f"{error}\nwhat ran before goes on", level="error")
            return
        self._console.tell(f"{SPEC} was read again")
        self.apply(wanted)
