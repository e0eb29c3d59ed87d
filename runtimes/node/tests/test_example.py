"""The function of the 2020 example, unchanged."""

from __future__ import annotations

from pathlib import Path

from runtimes.conformance.server import Start

EXAMPLE = Path(__file__).parents[3] / "functions" / "js-example"
BODY = b'{"message":{"msg":"From js-example-service"}}'


def test_the_example_answers_as_in_2020(start: Start) -> None:
    """Its type, its source, its 45 bytes."""
    answer = start(EXAMPLE).post()
    assert (answer.status, answer.body, len(BODY)) == (200, BODY, 45)
    assert answer.same_each_time == {
        "ce-specversion": "0.3",
        "ce-type": "dev.nodeshift.samples.fromjs",
        "ce-source": "nodeshift/samples/js-example-service",
        "content-type": "application/json",
    }


def test_each_reply_has_an_id_of_its_own(start: Start) -> None:
    """The function has the same for all: two replies would be one event."""
    server = start(EXAMPLE)
    ids = [server.post().headers["ce-id"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert [len(one) for one in ids] == [36, 36]
