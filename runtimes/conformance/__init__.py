"""One suite of requests and replies for all runtimes: docs/runtimes/contract.md, held against real servers.

- `cases/`: requests and the replies to them, as data.
- `functions/`: the functions that they are sent to, one folder a runtime.
- `runtimes.yaml`: the command of each runtime.
- `tests/`: the cases, and what takes more than one request.
- `server.py`, `command.py`, `wire.py`, `ports.py`: a runtime as a process, and a client to the byte. The
  tests of each runtime use them too, so they import nothing but the standard library.

`python -m runtimes.conformance` runs all of it and prints a table.
"""
