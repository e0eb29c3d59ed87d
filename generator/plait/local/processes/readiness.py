"""The one question that plait asks a function: GET /health/readiness."""

from __future__ import annotations

import asyncio

READY = "200"
_SECONDS = 5.0
_REQUEST = b"GET /health/readiness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def ask(host: str, port: int) -> str:
    """The status that the server answers, as "200" or "503"; "nothing" where it does not answer."""
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(_REQUEST)
                words = (await reader.readline()).split()
            finally:
                writer.close()
    except (OSError, ValueError):  # ValueError: a line without end, so no HTTP; TimeoutError is an OSError
        return "nothing"
    return words[1].decode(errors="replace") if len(words) > 1 else "nothing"
