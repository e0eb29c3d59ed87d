"""The ASGI application around a function: the HTTP contract of all runtimes (docs/runtimes/contract.md)."""

from plait_handler.server.app import App

__all__ = ["App"]
