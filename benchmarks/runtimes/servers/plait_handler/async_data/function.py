# mypy: ignore-errors
"""Async, plain data."""


async def handle(event):
    return {"message": "hello"}
