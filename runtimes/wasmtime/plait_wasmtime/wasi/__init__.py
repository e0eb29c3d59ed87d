"""WASI: what a module may do besides computing. Nothing, but for what functions.yaml grants."""
