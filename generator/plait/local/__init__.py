"""The local broker: a Knative Broker in one process, for development.

Rooms, each below the next: `gostd` (what Go's standard library does to values), `wire` (CloudEvents over
HTTP as Knative reads and writes them), `http` (a small server and client), `routes` (Brokers and Triggers),
`store` (events and deliveries in SQLite), `delivery` (attempts, retries, replies, dead letters), and the
modules here that put them together. docs/local-broker.md says how it behaves.
"""
