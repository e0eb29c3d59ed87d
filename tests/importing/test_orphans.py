"""What is missing, or is no manifest yet: where, what, and how to go on."""

from pathlib import Path

import pytest

from plait.errors import PlaitError
from plait.importing import read_all
from tests.importing.objects import broker, deployment, trigger, yaml
from tests.importing.support import DEPLOYMENT, TRIGGER, imported

CHART = "apiVersion: v2\nname: shop\n"
QUOTED = DEPLOYMENT.replace("registry.example.com/orders:1", '"{{ .Values.image }}"')
LOOSE = DEPLOYMENT.replace("name: orders,", "name: {{ .Release.Name }},")


def read(path: Path) -> PlaitError:
    """The error of reading a path."""
    with pytest.raises(PlaitError) as error:
        read_all([path])
    assert error.value.exit_code == 2
    return error.value


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_a_kustomization_instead_of_its_output(name: str, tmp_path: Path) -> None:
    """Given itself or by its folder: kustomize builds it first."""
    (tmp_path / name).write_text("resources: [a.yaml]\n")
    for path in (tmp_path, tmp_path / name):
        error = read(path)
        assert error.message == "a folder of kustomize; plait does not build it"
        assert (error.where, error.hint) == (str(tmp_path), f"kubectl kustomize {tmp_path} | plait import -")


@pytest.mark.parametrize(("text", "line"), [(QUOTED, 11), (LOOSE, 3), ("a: {{ .Values.a }}\n", 1)])
def test_a_helm_template(text: str, line: int, tmp_path: Path) -> None:
    """Whether it is YAML or not; the hint names the chart, where it is there."""
    path = tmp_path / "chart" / "templates" / "orders.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    error = read(path)
    assert (error.message, error.where) == ("a Helm template, and no manifest", f"{path}:{line}")
    assert error.hint == "helm template RELEASE CHART | plait import -"
    (tmp_path / "chart" / "Chart.yaml").write_text(CHART)
    assert read(path).hint == f"helm template RELEASE {tmp_path / 'chart'} | plait import -"
    assert read(tmp_path).where == str(tmp_path / "chart")


def test_braces_of_other_tools_are_texts(tmp_path: Path) -> None:
    """A template for an agent in an annotation, one in a comment."""
    note = "# rendered from {{ .Values.x }}\n"
    agent = DEPLOYMENT.replace(
        "namespace: shop}", "namespace: shop, annotations: {a: '{{ with secret }}'}}", 1
    )
    assert imported(tmp_path, note + agent).left == []


def test_what_is_not_yaml_says_how_to_go_on(tmp_path: Path) -> None:
    """Where, what, and that the other files can be imported without it."""
    (tmp_path / "good.yaml").write_text(DEPLOYMENT)
    (tmp_path / "notes.yaml").write_text("see: [wiki\n")
    told = str(read(tmp_path))
    assert told.startswith(f"{tmp_path / 'notes.yaml'}:")
    assert "not YAML" in told
    assert "mend it, or import the other files without it" in told


@pytest.mark.parametrize("text", ["", "---\n", "# later\n"])
def test_an_empty_file(text: str, tmp_path: Path) -> None:
    """Is noted, and nothing else happens."""
    path = tmp_path / "empty.yaml"
    path.write_text(text)
    items, notes = read_all([path])
    assert items == []
    assert [(note.where, note.text) for note in notes] == [(f"{path}:1", "empty: it holds no object")]


def test_a_trigger_whose_broker_is_not_there(tmp_path: Path) -> None:
    """Is noted at the Trigger; the Broker is taken for another team's."""
    result = imported(tmp_path, DEPLOYMENT, TRIGGER)
    (note,) = result.notes
    assert note.where.endswith("old.yaml:21")
    assert note.text.startswith("Trigger paid: its Broker, default, is in none of these files")
    assert imported(tmp_path, DEPLOYMENT, TRIGGER, yaml(broker())).notes == []


def test_a_trigger_whose_subscriber_is_not_there(tmp_path: Path) -> None:
    """Names it, and both ways on."""
    result = imported(tmp_path, yaml(deployment("other"), broker(), trigger()))
    (one,) = result.left
    assert one.reason == (
        "its subscriber, orders, is no workload of these files: import them together with its manifests, or "
        "keep its file, named under resources in overlays/production/kustomization.yaml"
    )
