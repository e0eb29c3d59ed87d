"""HTTP/1.1 on asyncio streams of bytes: httptools parses, this reads and writes.

Header values and request targets must pass as the bytes that they are, which neither ASGI nor the common
clients give (docs/adr/0006-local-broker.md).
"""
