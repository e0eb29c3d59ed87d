"""The functions and the broker of a functions.yaml, from the start to an orderly end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from plait.local.processes import session as processes
from plait.local.processes.output import Console
from plait.local.processes.supervisor import Supervisor
from plait.local.routes import Routes
from plait.local.routes.build import Resolver
from plait.local.run.absent import Absent
from plait.local.run.wiring import Wiring
from plait.local.service import Options, Service


@dataclass(frozen=True)
class Running:
    """What runs.

    Attributes:
        service: the broker.
        supervisor: the functions.
        wiring: between them.
    """

    service: Service
    supervisor: Supervisor
    wiring: Wiring


@asynccontextmanager
async def session(
    options: Options, functions: processes.Options, mapping: Mapping[str, str], console: Console
) -> AsyncIterator[Running]:
    """Run a functions.yaml until the `async with` ends.

    The end, in this order: no delivery starts any more, the functions finish what they have and stop, the
    last one first, then the broker; what is open stays in the store.

    Args:
        options: of the broker.
        functions: of the processes.
        mapping: URL by `SERVICE` or `NAMESPACE/SERVICE`, for what is no function of the file.
        console: takes what is printed and told.

    Raises:
        PlaitError, SpecError: mistakes in functions.yaml or `.env`, a port that is taken, a store that
            cannot be opened.
    """
    service, functions = Service(options), replace(functions, elsewhere=mapping.keys())
    with Absent() as absent:
        planned = Resolver(mapping, service.planned_url)
        # Mistakes come before a port is taken and a store is made.
        processes.read(functions, Wiring(_ignore, planned, absent, functions.environment).on_source)
        async with AsyncExitStack() as stack:
            await service.start()
            stack.push_async_callback(service.stop)
            service.broker.mask = console.masked
            resolver = Resolver(mapping, service.ingress_url)
            wiring = Wiring(service.broker.configure, resolver, absent, functions.environment)
            service.page.flow = lambda: wiring.flow
            entered = processes.session(functions, console, wiring.on_urls, wiring.on_source)
            supervisor = await stack.enter_async_context(entered)
            stack.callback(_settle, service, wiring)
            yield Running(service, supervisor, wiring)


def _ignore(_: Routes, __: Collection[str]) -> None:
    """A broker that is not there yet."""


def _settle(service: Service, wiring: Wiring) -> None:
    wiring.close()
    service.broker.pause()
