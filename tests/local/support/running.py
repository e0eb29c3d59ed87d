"""A local broker in this process, on a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from plait.local.routes.build import Placed, Resolver, build
from plait.local.routes.model import Routes
from plait.local.service import Options, Service

Spec = Mapping[str, Any]


def objects(namespace: str, triggers: Mapping[str, Spec], broker: Spec | None = None) -> list[Placed]:
    """A Broker `default` and Triggers of it, as objects."""
    made = [_object("Broker", namespace, "default", broker or {})]
    return made + [
        _object("Trigger", namespace, name, {"broker": "default", **spec}) for name, spec in triggers.items()
    ]


def _object(kind: str, namespace: str, name: str, spec: Spec) -> Placed:
    return Placed({"kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})


def routes(placed: Sequence[Placed], mapping: Mapping[str, str] | None = None) -> Routes:
    """The routes of objects."""
    return build(placed, Resolver(mapping or {}, lambda key: f"http://broker.invalid/{key}"))


@asynccontextmanager
async def running(known: Routes, data: Path | None = None, **options: Any) -> AsyncIterator[Service]:
    """A service with these routes, until the end of the block."""
    service = Service(Options(port=0, data=data, **options))
    await service.start()
    service.broker.configure(known)
    try:
        yield service
    finally:
        await service.stop()


async def settled(service: Service, namespace: str, limit: float = 30.0) -> None:
    """Wait until nothing is open in a namespace."""
    async with asyncio.timeout(limit):
        while any(count for key, count in service.broker.counts.items() if key.startswith(f"{namespace}/")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
