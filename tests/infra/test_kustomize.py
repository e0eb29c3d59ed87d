"""The real builders, and YAML as they read it."""

from pathlib import Path

import pytest

from tests.support import manifests
from tests.support.kustomize import Build, builder

HEADER = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: 'yes', n: '12e3'}\n"


def write(directory: Path, kustomization: str) -> Path:
    """A directory to build."""
    (directory / "a.yaml").write_text(OBJECT, encoding="utf-8")
    (directory / "kustomization.yaml").write_text(HEADER + kustomization, encoding="utf-8")
    return directory


def test_build_gives_the_objects(kustomize: Build, tmp_path: Path) -> None:
    """Parsed, in output order, strings still strings."""
    path = write(tmp_path, "resources: [a.yaml]\nnamespace: ns\n")
    assert kustomize(path) == [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "a", "namespace": "ns"},
            "data": {"on": "yes", "n": "12e3"},
        }
    ]


def test_a_failed_build_says_what_kustomize_said(kustomize: Build, tmp_path: Path) -> None:
    """Its stderr is the message."""
    with pytest.raises(AssertionError, match=r"missing\.yaml"):
        kustomize(write(tmp_path, "resources: [missing.yaml]\n"))


def test_a_warning_fails_too(tmp_path: Path) -> None:
    """We never write what kustomize has deprecated."""
    with pytest.raises(AssertionError, match="deprecated"):
        builder("kubectl")(write(tmp_path, "resources: [a.yaml]\ncommonLabels: {a: b}\n"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12345e7", 12345e7),
        ("on", True),
        ("1_000", 1000),
        ("010", 8),
        ("'12345e7'", "12345e7"),
        ("1.0.0", "1.0.0"),
    ],
)
def test_plain_scalars_are_read_as_downstream_does(text: str, value: object) -> None:
    """A string that plait forgot to quote must not look fine here."""
    assert manifests.load(f"a: {text}\n---\n") == [{"a": value}]
