"""Events and deliveries in SQLite: what was accepted is on disk before it is acknowledged."""

from plait.local.store.records import Attempt, Delivery, Failure, Stage, State, StoredEvent
from plait.local.store.store import Store, StoreError, StoreFullError

__all__ = [
    "Attempt",
    "Delivery",
    "Failure",
    "Stage",
    "State",
    "Store",
    "StoreError",
    "StoreFullError",
    "StoredEvent",
]
