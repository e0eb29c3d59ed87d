# mypy: ignore-errors
"""Sync, plain data: in a thread."""


def handle(event):
    return {"message": "hello"}
