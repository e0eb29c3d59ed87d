"""functions.yaml and the addresses of its functions -> the routes of a running broker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from plait.flow import Flow
from plait.local.routes import Routes
from plait.local.routes.build import Resolver
from plait.local.routes.flow import routes
from plait.local.run.absent import Absent
from plait.spec.load import Source

Configure = Callable[[Routes, Collection[str]], None]


class Wiring:
    """Has the broker deliver to where each function listens now, and anew after every change.

    Deliveries to a function that was never ready yet are held; to one that is down they fail.

    Args:
        configure: takes the routes, and the keys of the Triggers that are held.
        resolver: for subscribers and dead letter sinks that are no functions of the file.
        absent: stands for functions that do not run: their deliveries fail, and are tried again.
        environment: the name of the environment whose settings apply, or None.

    Attributes:
        flow: of the functions.yaml that applies.
    """

    def __init__(
        self, configure: Configure, resolver: Resolver, absent: Absent, environment: str | None
    ) -> None:
        self.flow: Flow | None = None
        self._configure, self._resolver = configure, resolver
        self._absent, self._environment = absent, environment
        self._running: Mapping[str, str] = {}
        self._known: set[str] = set()

    def on_source(self, source: Source) -> None:
        """functions.yaml was read. Raises RoutesError where it cannot be routed; then all stays as it was."""
        flow = Flow(source.spec)
        self._apply(flow)
        self.flow = flow

    def on_urls(self, running: Mapping[str, str]) -> None:
        """Other functions run than before, or elsewhere."""
        self._running = running
        self._known |= running.keys()
        if self.flow:
            self._apply(self.flow)

    def close(self) -> None:
        """Change nothing more."""
        self.flow = None

    def _apply(self, flow: Flow) -> None:
        environment = flow.environments[self._environment] if self._environment else None
        urls = addresses(flow, self._running, self._absent.url)
        found = routes(flow, environment, urls, self._resolver)
        fresh = urls.keys() - self._known - {name for name, item in flow.functions.items() if item.container}
        held = {trigger.name for name in fresh for trigger in flow.triggers[name]}
        self._configure(found, [key for key, trigger in found.triggers.items() if trigger.name in held])


def addresses(flow: Flow, running: Mapping[str, str], absent: Callable[[str], str]) -> dict[str, str]:
    """Function to URL, of all that run somewhere: here, or where `container.url` says."""
    found = {}
    for name, function in flow.functions.items():
        if function.container and function.container.url:
            found[name] = function.container.url
        elif function.runtime != "container" and function.source is not None:
            found[name] = running.get(name) or absent(name)
    return found
