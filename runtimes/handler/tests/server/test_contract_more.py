"""The HTTP contract: more of its answers."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from ..conftest import Start
from ..serving import EVENT

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
WRAPPED = {"ce-specversion": "1.0", "ce-type": "reply", "ce-source": "many"}


def test_the_source_of_a_reply(start: Start) -> None:
    """PLAIT_REPLY_SOURCE, encoded as any attribute."""
    answer = start("many", PLAIT_REPLY_SOURCE="my source").post(type="neighbour")
    assert (answer.headers["ce-source"], answer.body) == ("my%20source", b"from a neighbour")


def test_tracing(shared: Start) -> None:
    """traceparent and tracestate go to the function and on to the reply; a malformed one does not."""
    headers = {"traceparent": TRACE, "tracestate": "a=1", "prefer": "reply"}
    answer = shared("many").post(headers=headers, type="context")
    assert json.loads(answer.body) == {
        "id": "1",
        "prefer": "reply",
        "traceparent": TRACE,
        "tracestate": "a=1",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "in time": True,
    }
    assert (answer.headers["traceparent"], answer.headers["tracestate"]) == (TRACE, "a=1")
    assert "traceparent" not in shared("echo").post(headers={"traceparent": "00-xyz"}).headers


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/", 405, "POST, OPTIONS"),
        ("PUT", "/", 405, "POST, OPTIONS"),
        ("POST", "/other", 404, None),
        ("GET", "/other", 404, None),
        ("POST", "/metrics", 405, "GET, HEAD"),
        ("DELETE", "/health/liveness", 405, "GET, HEAD"),
        ("GET", "/health/liveness", 200, None),
        ("HEAD", "/health/readiness", 200, None),
    ],
)
def test_other_paths_and_methods(
    shared: Start, method: str, path: str, status: int, allow: str | None
) -> None:
    """Events are posted to `/` and to nowhere else."""
    answer = shared("echo").request(method, path, EVENT)
    assert (answer.status, answer.headers.get("allow"), answer.event.get("ce-type")) == (status, allow, None)


def test_the_handshake_of_a_webhook(shared: Start) -> None:
    """OPTIONS allows whoever asks."""
    answer = shared("echo").request("OPTIONS", "/", {"webhook-request-origin": "eventgrid.example.com"})
    wanted = ("allow", "webhook-allowed-origin", "webhook-allowed-rate")
    assert (answer.status, *(answer.headers[name] for name in wanted), answer.body) == (
        200,
        "POST, OPTIONS",
        "eventgrid.example.com",
        "*",
        b"",
    )


def test_hooks(start: Start) -> None:
    """on_start before the first event, probes by the function, on_stop at the end."""
    server = start("waits")
    assert server.post(type="started").body == b"true"

    def probes() -> tuple[int, int]:
        return server.get("/health/liveness").status, server.get("/health/readiness").status

    seen: list[Any] = [probes()]
    for subject in ("live=False", "ready=False", "live=True", "ready=raises"):
        assert server.post(type="set", subject=subject).status == 204
        seen.append(probes())
    assert seen == [(200, 200), (503, 200), (503, 503), (200, 503), (200, 503)]
    server.signal(signal.SIGTERM)
    assert server.output()[0] == "stopped\n"


def test_metrics(start: Start) -> None:
    """In the text format of Prometheus, by outcome."""
    server = start("many")
    for kind in ("neighbour", "raise", "reject", "neighbour"):
        server.post(type=kind)
    server.request("POST", "/", {}, b"")
    text = server.get("/metrics").body.decode().splitlines()
    counts = {line for line in text if line.startswith("plait_handler_requests_total") and line[-2:] != " 0"}
    assert counts == {
        'plait_handler_requests_total{outcome="reply"} 2',
        'plait_handler_requests_total{outcome="failed"} 1',
        'plait_handler_requests_total{outcome="rejected"} 1',
        'plait_handler_requests_total{outcome="malformed"} 1',
    }
    assert "plait_handler_request_duration_seconds_count 5" in text
    assert 'plait_handler_request_duration_seconds_bucket{le="+Inf"} 5' in text
    assert "plait_handler_in_flight 0" in text
