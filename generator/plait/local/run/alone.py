"""A broker alone: the Brokers and Triggers of Knative's YAML, read again when a file is saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from plait.errors import PlaitError
from plait.local.processes import watch
from plait.local.processes.output import Console
from plait.local.routes import Routes, manifests
from plait.local.routes.build import Placed, Resolver, build
from plait.local.service import Service

_FEATURE = "a cluster takes retryAfterMax only with the feature delivery-retryafter on"


class Alone:
    """What the files say, and the broker that does it.

    Args:
        files: files and folders; `-` is standard input.
        mapping: URL by `SERVICE` or `NAMESPACE/SERVICE`.
        console: takes what is said.

    Raises:
        PlaitError, SpecError: as manifests.read_all.
    """

    def __init__(self, files: Sequence[Path], mapping: Mapping[str, str], console: Console) -> None:
        self._files, self._mapping, self._console = files, mapping, console
        self._objects = manifests.read_all(files)
        self._told: set[str] = set()

    def routes(self, ingress: Callable[[str], str]) -> Routes:
        """What the files say, with these URLs of Brokers by `NAMESPACE/NAME`. Raises RoutesError."""
        return build(self._objects, Resolver(self._mapping, ingress))

    def apply(self, service: Service) -> None:
        """Have the broker do it, and say what is odd. Raises RoutesError; then all stays as it was."""
        routes = self.routes(service.ingress_url)
        service.broker.configure(routes)
        self._console.announce(routes.triggers, ())
        for note in _notes(self._objects, routes):
            if note not in self._told:
                self._console.tell(f"note: {note}")
                self._told.add(note)

    @asynccontextmanager
    async def followed(self, service: Service) -> AsyncIterator[None]:
        """Apply what is saved, until the `async with` ends. Standard input is not there a second time."""
        tasks = [asyncio.create_task(self._follow(service, changes)) for changes in self._changes()]
        await asyncio.sleep(0)  # the watch stands before anybody hears that the broker does
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _changes(self) -> Iterator[AsyncIterator[None]]:
        if manifests.STDIN in self._files:
            return
        folders = [path for path in self._files if path.is_dir()]
        if folders:
            yield watch.below(folders, manifests.counts)
        if files := [path for path in self._files if path not in folders]:
            yield watch.files(files)

    async def _follow(self, service: Service, changes: AsyncIterator[None]) -> None:
        async for _ in watch.telling(changes, self._console):
            self._reload(service)

    def _reload(self, service: Service) -> None:
        """Read the files again; with mistakes, what runs goes on."""
        before = self._objects
        try:
            self._objects = manifests.read_all(self._files)
            self.apply(service)
        except PlaitError as error:
            self._objects = before
            self._console.tell(f"{error}\nwhat ran before goes on", level="error")
            return
        self._console.tell("Brokers and Triggers were read again")


def _notes(objects: Sequence[Placed], routes: Routes) -> Iterator[str]:
    for broker in routes.brokers:
        if not broker.declared:
            yield f"no file declares Broker {broker.key}; it gets Knative's defaults"
    for item in objects:
        if (item.spec.get("delivery") or {}).get("retryAfterMax") is not None:
            place = item.place("spec.delivery.retryAfterMax")
            yield f"{place}: {item.data['kind']} {item.name[1]}: {_FEATURE}"
