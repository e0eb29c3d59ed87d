"""The finding `secret`: where a literal is found, what is none, how it is silenced; no value is ever told."""

import json
from pathlib import Path
from typing import Any

import pytest

from plait.cli.main import run
from plait.findings import of_flow
from plait.findings.looks import kind_of, named
from plait.flow import Flow
from plait.spec.load import load

HEAD = "apiVersion: plait.dev/v1\nkind: Functions\nmetadata: {name: shop%s}\nspec:\n  namespace: shop\n"
FUNCTION = "  functions:\n    a: {runtime: container, image: 'r.example.com/x:1', %s}\n"
KEY = "AKIAIOSFODNN7EXAMPLE"
URL = "http://u:pw12345@x.example.com/"


def file(fields: str = "replicas: 1", rest: str = "", metadata: str = "") -> str:
    """A functions.yaml with one function."""
    return HEAD % metadata + FUNCTION % fields + rest


def found(text: str) -> list[tuple[Any, ...]]:
    """Where each finding `secret` is, below spec.functions.a where it is in there."""
    places = [item.location for item in of_flow(Flow(load(text.encode()).spec)) if item.rule == "secret"]
    return [place[3:] if place[:3] == ("spec", "functions", "a") else place for place in places]


WASM = "source: x, wasm: {module: a.wasm, env: {API_TOKEN: abcdefgh12345678, X: %s}}" % KEY  # noqa: UP031
PLACES = [
    (file("env: {DB_PASSWORD: hunter2}"), [("env", "DB_PASSWORD")]),
    (file(WASM).replace("container", "wasm"), [("wasm", "env", "API_TOKEN"), ("wasm", "env", "X")]),
    (file(f"labels: {{x: {KEY}}}"), [("labels", "x")]),
    (file(f"annotations: {{x: '{URL}'}}"), [("annotations", "x")]),
    (file(f"delivery: {{deadLetter: {{uri: '{URL}'}}}}"), [("delivery", "deadLetter", "uri")]),
    (
        file(f"subscribes: [{{type: a, delivery: {{deadLetter: {{uri: '{URL}'}}}}}}]"),
        [("subscribes", 0, "delivery", "deadLetter", "uri")],
    ),
    (file(f"container: {{url: '{URL}'}}"), [("container", "url")]),
    (
        file(rest=f"  broker: {{delivery: {{deadLetter: {{uri: '{URL}'}}}}}}\n"),
        [("spec", "broker", "delivery", "deadLetter", "uri")],
    ),
    (
        file(rest=f"  environments:\n    dev: {{broker: {{delivery: {{deadLetter: {{uri: '{URL}'}}}}}}}}\n"),
        [("spec", "environments", "dev", "broker", "delivery", "deadLetter", "uri")],
    ),
    (
        file(rest=f"  environments:\n    dev: {{labels: {{x: {KEY}}}}}\n"),
        [("spec", "environments", "dev", "labels", "x")],
    ),
    (
        file(rest="  gitops: {tool: argocd, repoURL: 'https://u:pw12345@git.example.com/a.git'}\n"),
        [("spec", "gitops", "repoURL")],
    ),
    (file(metadata=f", annotations: {{x: {KEY}}}"), [("metadata", "annotations", "x")]),
]
SECRETS = [
    ("DB_PASSWORD", "hunter2"),
    ("PGPASSWORD", "hunter2"),
    ("apiKey", "abc"),
    ("API_TOKEN_2", "a b"),
    ("AWS_SECRET_ACCESS_KEY", "x/y+z="),
    ("SECRET_KEY_BASE", "x"),
    ("TOKEN", "${STAGE}-hunter2"),
]
NONE = [
    ("DB_PASSWORD_FILE", "/run/secrets/x"),
    ("SECRET_NAME", "my-secret"),
    ("MAX_TOKENS", "100"),
    ("TOKENIZER", "bert"),
    ("PASSWORD_MIN_LENGTH", "8"),
    ("X_TOKEN_URL", "https://x.example.com/token"),
    ("TOKEN", "${TOKEN}"),
    ("TOKEN", "$(TOKEN)"),
    ("TOKEN", "{{ token }}"),
    ("TOKEN", "<token>"),
    ("TOKEN", "../keys/token"),
    ("TOKEN", "https://issuer.example.com/"),
    ("REQUIRE_TOKEN", "true"),
    ("TOKEN_TTL", "5m"),
    ("SECRET_TIMEOUT", "x"),
    ("LEVEL", "hunter2"),
    ("DSN", "postgres://shop:${PASSWORD}@db/shop"),
    ("DSN", "postgres://shop@db/shop"),
    ("MAIL", "shop@example.com"),
]


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_places(text: str, places: list[tuple[Any, ...]]) -> None:
    """A literal secret is found wherever one fits."""
    assert found(text) == places


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_names_of_secrets(name: str, value: str) -> None:
    """The name tells, whatever the value is."""
    assert named(name, value)


@pytest.mark.parametrize(("name", "value"), NONE)
def test_no_secrets(name: str, value: str) -> None:
    """Files, names, limits, switches, paths, URLs and placeholders are no secrets."""
    assert not named(name, value)
    assert kind_of(value) is None


@pytest.mark.parametrize("value", [URL, "redis://:pw@cache", "a postgres://u:p!w@db/x"])
def test_passwords_in_urls(value: str) -> None:
    """With and without a user, whatever the name."""
    assert kind_of(value)


def test_urls_without_a_password() -> None:
    """Dead letters and repositories mostly have such."""
    plain = "http://x.example.com:80/@a:b"
    assert found(file(f"delivery: {{deadLetter: {{uri: '{plain}'}}}}, annotations: {{x: '{plain}'}}")) == []


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_value_is_told(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In no format, and not by another finding of the same line."""
    fields = f"emits: [{{type: t}}], env: {{DB_PASSWORD: hunter2, X: {KEY}}}, annotations: {{x: '{URL}'}}"
    (tmp_path / "functions.yaml").write_text(file(fields))
    run(["-C", str(tmp_path), "check", "--format", form])
    out = capsys.readouterr().out
    assert "DB_PASSWORD looks like a secret" in out
    assert "nobody subscribes to t" in out
    assert not any(value in out for value in ("hunter2", KEY, "pw12345"))


COMMENTS = [
    ("DB_PASSWORD: hunter2 # plait: allow secret", 0),
    ("DB_PASSWORD: hunter2   #plait:  allow limit, secret ", 0),
    ("DB_PASSWORD: hunter2 # plait: allow limit", 1),
    ("DB_PASSWORD: 'hunter2 # plait: allow secret'", 1),
    ("DB_PASSWORD: hunter2 # plait: allow secrets", 1),
]


@pytest.mark.parametrize(("line", "count"), COMMENTS)
def test_a_comment_silences(
    tmp_path: Path, line: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule that it names, at its own line."""
    text = file("env: {A: b}").replace("env: {A: b}", f"env: {{\n      {line}\n    }}")
    (tmp_path / "functions.yaml").write_text(text)
    run(["-C", str(tmp_path), "check", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [item["rule"] for item in told].count("secret") == count
