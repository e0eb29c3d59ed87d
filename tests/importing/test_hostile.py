"""Input that is no manifest, or means harm: a clear error, or a note, and never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait import emit, importing, scaffold
from plait.errors import PlaitError
from plait.importing import Imported, Settings
from plait.importing.reading import MAX_BYTES, read_all
from tests.importing.objects import autoscaler, broker, budget, deployment, knative, named, service, trigger
from tests.importing.support import DEPLOYMENT, built, imported, patched, unexplained
from tests.support.data import DATA


def refused(folder: Path, text: str | bytes, name: str = "old.yaml") -> str:
    """The error, which ends with exit code 2."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(PlaitError) as error:
        importing.imported(*read_all([path]), Settings(namespace="shop"))
    assert error.value.exit_code == 2
    return str(error.value).replace(str(folder), "DIR")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "DIR/old.yaml:1:5: not YAML"),
        ("\ta: b", "DIR/old.yaml:1:1: not YAML"),
        (b"\xff\xfe", "DIR/old.yaml:1:1: not UTF-8"),
        ("a: \x00", "DIR/old.yaml:1:4: the character U+0000 may not stand in YAML"),
        ("a: *b", "DIR/old.yaml:1:4: alias '*b' has no anchor before it"),
        ("a: &a [*a]", "stands inside its own anchor"),
        ("a: !secret b", "the tag '!secret' is not supported"),
        ("", "no Deployment and no Knative Service"),
        ("just text", "no Deployment and no Knative Service"),
        ("- 1\n- 2\n", "no Deployment and no Knative Service"),
        ("kind: Deployment\n", "no Deployment and no Knative Service"),
        ("[" * 100_000, "nested deeper than 64 levels"),
    ],
)
def test_no_manifest(text: str | bytes, told: str, tmp_path: Path) -> None:
    """It says where and what."""
    assert told in refused(tmp_path, text)


def test_an_alias_bomb(tmp_path: Path) -> None:
    """Aliases count as often as they are used."""
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "values" in refused(tmp_path, "\n".join(["a0: &a0 [x]", *levels]))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """It is not read to its end."""
    assert refused(tmp_path, b"#" * (MAX_BYTES + 1)).startswith("DIR/old.yaml: larger than 32 MiB")


@pytest.mark.parametrize(
    "text",
    [
        "metadata:\n  name: {{ .Values.name }}\n",
        "{{- if .Values.on }}\nkind: Deployment\n{{- end }}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: '{{ .Release.Name }}'}\n",
    ],
)
def test_helm_templates(text: str, tmp_path: Path) -> None:
    """They are to be rendered first."""
    told = refused(tmp_path, text)
    assert "a Helm template, and no manifest" in told
    assert "helm template RELEASE CHART | plait import -" in told


def test_a_folder_of_kustomize(tmp_path: Path) -> None:
    """Its patches are no objects: the output of a build is what counts."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    with pytest.raises(PlaitError, match=r"base: a folder of kustomize[^\n]*\n  hint: kubectl kustomize"):
        read_all([tmp_path])


def test_only_other_kinds(tmp_path: Path) -> None:
    """The error lists what is there."""
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\n"
    assert "CustomResourceDefinition a.b: what defines kinds" in refused(tmp_path, crd)


def test_a_missing_file(tmp_path: Path) -> None:
    """Exit code 2."""
    with pytest.raises(PlaitError, match="no such file or folder"):
        read_all([tmp_path / "none"])


def test_hidden_files_and_others_are_passed_over(tmp_path: Path) -> None:
    """In a folder, files of other kinds and hidden ones; what is no object is noted."""
    for name in ("a.yaml", ".git/b.yaml", "c.txt", "values.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("replicas: 1\n" if name == "values.yml" else DEPLOYMENT)
    items, notes = read_all([tmp_path])
    assert len(items) == 2
    assert [note.text for note in notes] == [
        "no Kubernetes object: it has no apiVersion, kind or metadata.name"
    ]


def test_merge_keys_and_old_booleans(tmp_path: Path) -> None:
    """As kubectl reads them."""
    text = DEPLOYMENT.replace(
        "metadata: {labels: {app: orders}}", "metadata: {labels: {<<: &l {app: orders}, a.b/c: 'on'}}"
    )
    text = text.replace("      containers:", "      automountServiceAccountToken: no\n      containers:")
    result = imported(tmp_path, text)
    (item,) = (item for item in built(tmp_path, result) if item["kind"] == "Deployment")
    assert item["spec"]["template"]["metadata"]["labels"]["a.b/c"] == "on"
    assert result.left == []


def test_comments_hold_one_line(tmp_path: Path) -> None:
    """A name with a newline in it cannot write functions.yaml."""
    text = DEPLOYMENT.replace("- name: orders", '- name: "x\\nkind: y"') + "---\n"
    text = text.replace("        ports:", "      - {name: b, image: b}\n        ports:").replace(
        "      - {name: b, image: b}\n        ports: [{containerPort: 8080}]",
        "        ports: [{containerPort: 8080}]\n      - {name: b, image: b}",
    )
    result = imported(tmp_path, text)
    scaffold.check(importing.text(result))


CPU = {"requests": {"cpu": "100m"}}
PROBE = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 3}
SINK = {"retry": 1, "deadLetterSink": {"ref": {"apiVersion": "v1", "kind": "Service", "name": "orders"}}}
HARD: Any = {
    "securityContext": {"fsGroup": 1},
    "volumes": [{"name": "tmp", "emptyDir": {}}],
    "initContainers": [{"name": "a", "image": "a:1", "volumeMounts": [{"name": "tmp"}]}],
}
INNER: Any = {
    "lifecycle": {"preStop": {"httpGet": {"port": 8080}}},
    "securityContext": {"capabilities": {"add": ["A"]}, "runAsUser": 5},
    "volumeMounts": [{"name": "tmp", "mountPath": "/a"}],
    "ports": [{"containerPort": 8080}, {"containerPort": 9090, "name": "m"}],
}
SECRET = {
    "secretStoreRef": {"name": "vault"},
    "target": {"template": {"type": "Opaque"}},
    "data": [{"secretKey": "a", "remoteRef": {"key": "b", "property": "c"}}],
}
OBJECTS = [
    deployment(resources=CPU, livenessProbe=PROBE, env=[{"name": "A", "value": "1"}], pod=HARD, **INNER),
    {**knative(annotations={"a.b/c": "d"}), "metadata": {"name": "audit", "namespace": "shop"}},
    service(ports=[{"port": 80, "targetPort": 8080}, {"port": 9090, "name": "m"}]),
    named("external-secrets.io/v1", "ExternalSecret", "a", SECRET),
    trigger(filter={"attributes": {"type": "t"}}, delivery=SINK),
    broker(delivery=SINK),
    autoscaler(),
    budget(maxUnavailable=1),
    named("v1", "ServiceAccount", "robot"),
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in below for found in _paths(item, (*path, key)))]


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _with(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    return [_with(item, path[1:], new) if index == path[0] else item for index, item in enumerate(value)]


PLACES = [(index, path) for index, item in enumerate(OBJECTS) for path in _paths(item) if path]


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), DATA)
def test_any_value_anywhere(place: tuple[int, tuple[Any, ...]], value: Any) -> None:
    """Whatever stands in a field: a refusal with exit code 2, or a valid file that explains every difference."""
    index, path = place
    text = emit.stream([_with(item, path, value) if at == index else item for at, item in enumerate(OBJECTS)])
    with TemporaryDirectory() as folder:
        result = _imported(Path(folder), text)
        if result is not None:
            assert unexplained(Path(folder), result) == []
            found = importing.prove(result, patched(Path(folder), result), "kubernetes")
            assert [one for one in found if one.reason is None] == []


def _imported(folder: Path, text: str) -> Imported | None:
    """The import, or None where it is refused as bad input is."""
    try:
        result = imported(folder, text, namespace="shop")
        scaffold.check(importing.text(result))
    except PlaitError as error:
        if error.exit_code != 2:
            raise
        return None
    return result
