"""Measures the handler: `python -m benchmarks`."""
