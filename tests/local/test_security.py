"""Who may send what, and how much."""

from __future__ import annotations

import asyncio

import pytest

from plait.local.http.message import MAX_HEADER
from tests.local.support.bench import BINARY, bench, on_loop

FLOW = "/_plait/api/flow"


@pytest.mark.parametrize("path", ["/s/default", FLOW, "/_plait/api/replay/1", "/_plait/"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example:8080", "Host": "evil.example:8080", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@on_loop
async def test_a_page_of_another_site_is_refused(path: str, headers: dict[str, str]) -> None:
    """Neither the page, nor its API, nor the ingress takes a request from it."""
    async with bench({"a": {}}) as one:
        for method in ("GET", "POST", "OPTIONS"):
            assert (await one.ask(method, path, [*BINARY.items(), *headers.items()])).status == 403
        assert one.got("a") == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "localhost.evil.example", "[::1"],
)
@on_loop
async def test_a_name_of_another_site_is_refused(host: str) -> None:
    """DNS rebinding: the page and the API answer only to names of this machine."""
    async with bench({}) as one:
        assert (await one.ask("GET", FLOW, [("Host", host)])).status == 403


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "localhost:1234", "app.localhost", "[::1]:8080", "127.1.2.3"]
)
@on_loop
async def test_names_of_this_machine_are_taken(host: str) -> None:
    """Its own names and addresses, with any port, and a same-origin request of a browser."""
    async with bench({}) as one:
        origin = [("Origin", f"http://{host}"), ("Sec-Fetch-Site", "same-origin")]
        assert (await one.ask("GET", FLOW, [("Host", host), *origin])).status == 200


@pytest.mark.parametrize(
    "own", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://evil.example:80"}], ids=str
)
@on_loop
async def test_a_rebound_page_sends_no_event(own: dict[str, str]) -> None:
    """A name of another site that means 127.0.0.1: a browser's request must name this machine at the ingress too."""
    async with bench({"a": {}}) as one:
        headers = [*BINARY.items(), ("Host", "evil.example:80"), *own.items()]
        assert (await one.ask("POST", "/s/default", headers)).status == 403
        assert one.got("a") == []


@on_loop
async def test_a_link_to_the_page_may_be_followed() -> None:
    """From any site; the API is not shown so."""
    visit = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]
    async with bench({}) as one:
        assert (await one.ask("GET", "/_plait/", visit)).status == 200
        assert (await one.ask("GET", FLOW, visit)).status == 403
        assert (await one.ask("GET", "/_plait/", [*visit, ("Host", "evil.example")])).status == 403


@on_loop
async def test_a_number_of_any_length() -> None:
    """An id may be one; it is no fault of the server's."""
    async with bench({}) as one:
        for digits in (19, 30, 5000):
            assert (await one.ask("GET", f"/_plait/api/events/{'9' * digits}", [])).status == 404


@on_loop
async def test_the_ingress_takes_any_host() -> None:
    """A sender in a container or behind a tunnel knows the broker by another name; it sends no Origin."""
    async with bench({}) as one:
        assert (await one.post({**BINARY, "Host": "host.docker.internal:8080"})).status == 202


@on_loop
async def test_bodies_are_bounded() -> None:
    """413, told or not told before, and the connection is closed."""
    async with bench({"a": {}}, max_body=1000) as one:
        assert (await one.post(BINARY, b"x" * 1000)).status == 202
        assert (await one.post(BINARY, b"x" * 1001)).status == 413
        reader, writer = await asyncio.open_connection("127.0.0.1", one.service.port)
        writer.write(b"POST /s/default HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"800\r\n" + b"x" * 2048 + b"\r\n")
        assert b" 413 " in await reader.readline()
        writer.close()
        await one.settle()
        assert len(one.got("a")) == 1


@on_loop
async def test_headers_are_bounded() -> None:
    """431 for too long a header, too many of them, or too long a path; also while none of them has ended."""
    async with bench({}) as one:
        assert (await one.post({**BINARY, "x-long": "x" * MAX_HEADER})).status == 431
        many = {f"x-{number}": "x" * 1000 for number in range(MAX_HEADER // 1000 + 1)}
        assert (await one.post({**BINARY, **many})).status == 431
        assert (await one.post(BINARY, path="/" + "x" * MAX_HEADER)).status == 431
        reader, writer = await asyncio.open_connection("127.0.0.1", one.service.port)
        writer.write(b"POST /s/default HTTP/1.1\r\nx-endless: " + b"x" * (3 * MAX_HEADER))
        assert b" 431 " in await reader.readline()
        writer.close()


@on_loop
async def test_a_fault_is_one_request_s() -> None:
    """Where an answer cannot be made there is a 500, and the connection goes on."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))
    async with bench({}) as one:
        one.service.api.serve = None  # type: ignore[assignment, method-assign]
        assert (await one.ask("GET", FLOW)).status == 500
        assert (await one.post(BINARY)).status == 202
    assert [type(error) for error in told] == [TypeError]


@on_loop
async def test_answers_of_subscribers_are_bounded() -> None:
    """A subscriber that answers without end is cut off, and its delivery fails."""

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 1_000_000)
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    spec = {"a": {"subscriber": {"uri": f"http://127.0.0.1:{port}/"}, "delivery": {"retry": 0}}}
    async with bench(spec) as one:
        await one.send()
        counts = await one.service.store.query(lambda db: db.execute("SELECT state FROM delivery").fetchall())
        assert counts == [(3,)]
    server.close()
