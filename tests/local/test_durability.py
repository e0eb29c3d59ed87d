"""What was accepted survives: restarts, a full disk, a store that is damaged or somebody else's."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from plait.errors import PlaitError
from plait.local.store import Store, StoreError
from plait.local.store.store import FILE
from tests.local.support.bench import BINARY, bench, dead, on_loop, until
from tests.local.support.running import objects, routes, running, settled
from tests.local.support.subscribers import Subscribers
from tests.local.support.wire import Reply, request


@on_loop
async def test_a_restart_delivers_what_was_open(tmp_path: Path) -> None:
    """Events that a subscriber had not taken when the broker stopped reach it after the next start."""
    async with Subscribers() as subscribers:
        subscribers.scripts["s/a"] = [Reply(500)] * 3 + [Reply()]
        delivery = {"retry": 9, "backoffPolicy": "linear", "backoffDelay": "PT0.4S"}
        spec = {"subscriber": {"uri": subscribers.url("s/a")}, "delivery": delivery}
        known = routes(objects("s", {"a": spec}))
        async with running(known, tmp_path) as service:
            answer = await request("POST", service.ingress_url("s/default"), list(BINARY.items()))
            assert answer is not None
            assert answer.status == 202
            await until(lambda: len(subscribers.got("s/a")) >= 2)
        before = len(subscribers.got("s/a"))
        async with running(known, tmp_path) as service:
            assert service.broker.open == 1
            await settled(service, "s")
            assert len(subscribers.got("s/a")) == 4
            assert service.broker.open == 0
        assert before < 4


@on_loop
async def test_a_restart_goes_on_with_the_dead_letter(tmp_path: Path) -> None:
    """A delivery that had failed for good goes to the sink, not to the subscriber again."""
    slow = dead(retry=5, backoffPolicy="linear", backoffDelay="PT60S")
    async with Subscribers() as subscribers:
        subscribers.scripts |= {"s/a": [Reply(400, body=b"no")], "s/dead": [Reply(500)] * 2 + [Reply()]}
        sink = {"deadLetterSink": {"uri": subscribers.url("s/dead")}}
        spec = {"subscriber": {"uri": subscribers.url("s/a")}, "delivery": {**slow["delivery"], **sink}}
        async with running(routes(objects("s", {"a": spec})), tmp_path) as service:
            await request("POST", service.ingress_url("s/default"), list(BINARY.items()))
            await until(lambda: len(subscribers.got("s/dead")) >= 2)
            await asyncio.sleep(0.05)
        store = sqlite3.connect(tmp_path / FILE)
        store.execute("UPDATE delivery SET due = 0")
        store.commit()
        store.close()
        async with running(routes(objects("s", {"a": spec})), tmp_path) as service:
            await settled(service, "s")
        assert (len(subscribers.got("s/a")), len(subscribers.got("s/dead"))) == (1, 3)
        assert subscribers.got("s/dead")[2].names["ce-knativeerrordata"] == "bm8="


@on_loop
async def test_a_full_store_answers_503_and_recovers(tmp_path: Path) -> None:
    """When SQLite can grow no more, events are refused with Retry-After; what was taken stays and is delivered."""
    async with bench({"a": {}}, data=tmp_path, max_pages=40) as one:
        accepted = 0
        while (answer := await one.post(BINARY, b"x" * 20_000)).status == 202:
            accepted += 1
        assert (answer.status, answer.header("Retry-After")) == (503, "1")
        assert accepted > 0
        await one.service.store.query(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
        assert (await one.post(BINARY, b"x" * 20_000)).status == 202
        await one.settle()
        assert len(one.got("a")) == accepted + 1


def test_a_full_disk_answers_503_and_recovers(tmp_path: Path) -> None:
    """The process may not make its files larger (RLIMIT_FSIZE): 503, until it may again."""
    file = tmp_path / "trigger.yaml"
    file.write_text(
        "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nmetadata: {name: a}\n"
        "spec: {broker: default, subscriber: {uri: 'http://127.0.0.1:1/'}, delivery: {retry: 0}}\n"
    )
    command = [
        sys.executable,
        "-m",
        "plait",
        "run",
        "-f",
        str(file),
        "--port",
        "0",
        "--data",
        str(tmp_path / "d"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            asyncio.run(_fill(process.stdout.readline().strip(), process.pid))
        finally:
            process.terminate()
    assert process.returncode == 0


async def _fill(url: str, pid: int) -> None:
    async def post() -> int:
        answer = await request("POST", url, list(BINARY.items()), b"x" * 50_000)
        assert answer is not None
        return answer.status

    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (400_000, hard))
    statuses = [await post() for _ in range(40)]
    assert statuses[0] == 202
    assert statuses[-1] == 503
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert await post() == 202
    idle = await request("GET", url, path="/_plait/api/idle?timeout=20")
    listed = await request("GET", url, path="/_plait/api/events?limit=1000")
    assert idle is not None
    assert listed is not None
    assert json.loads(idle.body)["idle"]
    assert len(json.loads(listed.body)["events"]) == statuses.count(202) + 1


@on_loop
async def test_the_store_is_bounded(tmp_path: Path) -> None:
    """Of delivered events the newest stay; one that is open stays whatever its age, and the file does not grow."""
    specs = {
        "a": {"filters": [{"exact": {"type": "t.one"}}]},
        "late": {"filters": [{"exact": {"type": "late"}}]},
    }
    specs["late"]["delivery"] = {"retry": 1, "backoffPolicy": "exponential", "backoffDelay": "PT60S"}  # type: ignore[assignment]
    async with bench(specs, {"late": [Reply(500)]}, data=tmp_path, keep=20) as one:
        await one.post({**BINARY, "ce-type": "late"})
        sizes = []
        for _ in range(4):
            for _ in range(60):
                await one.post(BINARY, b"x" * 10_000)
            await until(lambda: one.service.broker.open == 1)
            sizes.append((tmp_path / FILE).stat().st_size)
        seqs = await one.service.store.query(
            lambda db: [row[0] for row in db.execute("SELECT seq FROM event ORDER BY 1")]
        )
        assert seqs[0] == 1
        assert 20 <= len(seqs) <= 30
        assert sizes[-1] < 2 * sizes[0]


@on_loop
async def test_one_that_fails_does_not_take_others_with_it() -> None:
    """An error in one piece of work goes to whoever asked for it; what shared its transaction is written."""

    def broken(_: sqlite3.Connection) -> None:
        raise LookupError("no such event")

    async with bench({"a": {}}) as one:
        failing = [asyncio.ensure_future(one.service.store.query(broken)) for _ in range(3)]
        assert (await one.send()).status == 202
        found = await asyncio.gather(*failing, return_exceptions=True)
        assert [type(error) for error in found] == [LookupError] * 3
        assert len(one.got("a")) == 1


@on_loop
async def test_one_folder_one_broker(tmp_path: Path) -> None:
    """A second broker on the same folder is refused with a way out."""
    async with bench({}, data=tmp_path):
        with pytest.raises(StoreError, match="another plait run uses this folder") as caught:
            Store(tmp_path)
        assert "--data" in str(caught.value)


@pytest.mark.parametrize("content", [b"not a database at all, but longer than a header" * 50, b"\x00" * 5000])
@on_loop
async def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    """A file that is not SQLite's is left as it is, and the error says what to do."""
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(PlaitError, match="cannot be read") as caught:
        Store(tmp_path)
    assert caught.value.hint
    assert (tmp_path / FILE).read_bytes() == content


@on_loop
async def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    """It is not touched."""
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer plait"):
        Store(tmp_path)


@on_loop
async def test_an_unclean_end_is_survived(tmp_path: Path) -> None:
    """Half a frame at the end of the log, as a crash leaves it, is ignored."""
    async with bench({"a": {}}, data=tmp_path) as one:
        await one.send()
        copy = tmp_path / "copy"
        copy.mkdir()
        for name in (FILE, f"{FILE}-wal"):
            (copy / name).write_bytes((tmp_path / name).read_bytes())
    with (copy / f"{FILE}-wal").open("ab") as log:
        log.write(b"\x37\x7f" * 700)
    async with bench({"a": {}}, data=copy) as one:
        assert one.service.store.last_seq == 1
