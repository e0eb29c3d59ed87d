"""A functions.yaml with a contract: orders emits order.paid, audit takes it."""

import json
from pathlib import Path
from typing import Any

from plait import emit

PAID = "com.example.order.paid"
PATH = "schemas/order-paid.json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["order", "total"],
    "properties": {"order": {"type": "string"}, "total": {"type": "number", "minimum": 0}},
}
GOOD = {"order": "4711", "total": 18.5}
BAD = {"order": 4711}
BROKEN = ["$: 'total' is a required property", "$.order: 4711 is not of type 'string'"]


def spec(**body: Any) -> dict[str, Any]:
    """The file as data; `body` replaces keys of `spec`."""
    container = {"runtime": "container", "image": "registry.example.com/shop/x:1"}
    functions = {
        "orders": {
            **container,
            "subscribes": [{"type": "com.example.order.placed"}],
            "emits": [{"type": PAID, "source": "/shop/orders"}],
        },
        "audit": {**container, "subscribes": [{"type": PAID}]},
    }
    whole = {
        "namespace": "shop",
        "functions": functions,
        "events": {PAID: {"schema": PATH}},
        "external": [{"type": "com.example.order.placed"}],
        "environments": {
            "dev": {"platform": "kubernetes", "labels": {"stage": "dev"}},
            "live": {"platform": "kubernetes", "promotesFrom": "dev", "labels": {"stage": "live"}},
        },
    }
    head = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}}
    return {**head, "spec": {**whole, **body}}


def write(root: Path, files: dict[str, Any] | None = None, **body: Any) -> Path:
    """The shop in a folder; other files as JSON, or as they are where they are texts."""
    put(root, {"functions.yaml": emit.document(spec(**body)), PATH: SCHEMA, **(files or {})})
    return root


def put(root: Path, files: dict[str, Any]) -> None:
    """Write files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
