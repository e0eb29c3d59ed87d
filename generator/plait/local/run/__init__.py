"""A functions.yaml as a whole on this machine: its functions as processes, and the broker between them.

`wiring` keeps the broker's routes in step with functions.yaml and with where the functions listen,
`session` starts and ends both, `batch` sends events and reads what became of them.
"""
