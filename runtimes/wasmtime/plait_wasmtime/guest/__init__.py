"""The three kinds of module, and the engine that runs them.

- `command`: exports `_start` (WASI preview 1): the event on stdin, the reply on stdout.
- `core`: another core module: one of its exports is called, with numbers.
- `component`: exports `handle` as in wit/function.wit.
"""
