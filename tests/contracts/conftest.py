"""The fixture of tests/cli."""

from tests.cli.conftest import empty

__all__ = ["empty"]
