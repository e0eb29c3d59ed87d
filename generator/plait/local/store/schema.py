"""Tables of the store, and their version."""

from __future__ import annotations

VERSION = 1

TABLES = """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    broker TEXT NOT NULL,
    id BLOB NOT NULL,
    source BLOB NOT NULL,
    type BLOB NOT NULL,
    accepted INTEGER NOT NULL,
    parent INTEGER,
    replay_of INTEGER,
    attributes TEXT NOT NULL,
    passed TEXT NOT NULL,
    refused TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX event_by_id ON event (id);
CREATE INDEX event_by_parent ON event (parent) WHERE parent IS NOT NULL;
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    state INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    failure TEXT
);
CREATE INDEX delivery_by_event ON delivery (event);
CREATE INDEX delivery_open ON delivery (trigger, id) WHERE state = 0;
CREATE TABLE attempt (
    delivery INTEGER NOT NULL,
    number INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    url TEXT NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    error TEXT NOT NULL,
    took REAL NOT NULL,
    wait REAL,
    PRIMARY KEY (delivery, number)
) WITHOUT ROWID;
"""
