"""`python -m benchmarks broker`: the local broker under load, each part in a process of its own."""

from benchmarks.broker.measure import main

__all__ = ["main"]
