"""The environment of a process is that of the pod, with the values of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plait import emit, render
from plait.disk import Scan
from plait.edits import get, pod_spec
from plait.errors import SpecError
from plait.local.processes import envfile
from plait.local.processes.plan import Plan, plan
from plait.local.processes.variables import Values, expanded, of_pod
from plait.project import Project, load_spec
from plait.spec.load import load
from tests.local.processes.support import write
from tests.support.specs import specs

SECRET = {"secret": {"name": "payment", "key": "api.token"}}
CONFIG = {"configMap": {"name": "shop", "key": "currency"}}


@settings(max_examples=30, deadline=None)
@given(specs(packaging=["image"]))
def test_as_in_the_rendered_pod(document: dict[str, Any]) -> None:
    """In each environment that follows functions.yaml, a function gets what `plait render` prints for its pod."""
    document["spec"].pop("events", None)  # their schemas are files
    project = Project(Path(), Path(), load(emit.document(document).encode()), Scan())
    following = {name: item for name, item in project.flow.environments.items() if not item.promotesFrom}
    for name, environment in following.items():
        workloads = {item["metadata"]["name"]: item for item in _workloads(project, name)}
        for function in project.flow.functions:
            given_here = [
                entry for entry in of_pod(project.flow, function, environment) if entry["name"][:2] != "K_"
            ]
            path = pod_spec(workloads[function]) or ()
            assert given_here == (get(workloads[function], *path, "containers", 0, "env") or [])


def _workloads(project: Project, environment: str) -> list[Any]:
    return [item for item in render.objects(project.overlays[environment]) if pod_spec(item)]


def planned(root: Path, environment: str | None = None, **values: Any) -> Plan:
    """The plan of a project, with runtimes that are all at /bin."""
    return plan(load_spec(root), root, environment, Values(**values), lambda name: f"/bin/{name}")


def test_a_python_function(tmp_path: Path) -> None:
    """The runtime's settings, the function's own, HOST, and of the shell what the machine needs."""
    function = {"timeout": 5, "concurrency": 2, "env": {"A": "1"}, "emits": [{"type": "t", "source": "/s"}]}
    root = write(tmp_path, {"orders": function})
    shell = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "http_proxy": "http://p",
        "MY_PASSWORD": "x",
        "PLAIT_TIMEOUT": "9",
    }
    (orders,) = planned(root, shell=shell).processes.values()
    assert orders.environment == {
        "PATH": "/bin",
        "LC_ALL": "C",
        "http_proxy": "http://p",
        "PLAIT_TIMEOUT": "5",
        "PLAIT_CONCURRENCY": "2",
        "PLAIT_REPLY_TYPE": "t",
        "PLAIT_REPLY_SOURCE": "/s",
        "A": "1",
        "HOST": "127.0.0.1",
    }
    assert orders.command == ("/bin/plait-handler", str(tmp_path / "functions/orders"))
    assert (orders.folder, orders.grace) == (tmp_path / "functions/orders", 15)


def test_a_wasm_function(tmp_path: Path) -> None:
    """MODULE_PATH is the module on this machine, the grants are the pod's."""
    wasm = {"module": "add.wasm", "function": "add", "clock": True}
    root = write(tmp_path, {"sum": {"runtime": "wasm", "wasm": wasm}})
    (process,) = planned(root).processes.values()
    assert process.environment == {
        "MODULE_PATH": str(tmp_path / "functions/sum/add.wasm"),
        "FUNCTION_NAME": "add",
        "PLAIT_WASM": '{"clock": true}',
        "HOST": "127.0.0.1",
    }
    assert process.command[0] == "/bin/plait-wasmtime"


def test_a_knative_function(tmp_path: Path) -> None:
    """It gets what Knative Serving adds to its pod."""
    root = write(tmp_path, {"orders": {"serving": "knative"}})
    (process,) = planned(root).processes.values()
    assert {name: value for name, value in process.environment.items() if name[:2] == "K_"} == {
        "K_SERVICE": "orders",
        "K_CONFIGURATION": "orders",
        "K_REVISION": "orders-00001",
    }


def test_an_environment(tmp_path: Path) -> None:
    """Its overrides apply; without --env the functions are as they stand."""
    override = {"dev": {"functions": {"orders": {"env": {"A": "dev", "B": CONFIG}}}}}
    root = write(tmp_path, {"orders": {"env": {"A": "base", "C": "c"}}}, environments=override)
    values = {"file": {"SHOP_CURRENCY": "EUR"}}
    plain, dev = (planned(root, name, **values).processes["orders"].environment for name in (None, "dev"))
    assert plain == {"A": "base", "C": "c", "HOST": "127.0.0.1"}
    assert dev == {"A": "dev", "B": "EUR", "C": "c", "HOST": "127.0.0.1"}


@pytest.mark.parametrize(
    ("shell", "file", "value"),
    [
        ({}, {"TOKEN": "plain"}, "plain"),
        ({}, {"TOKEN": "plain", "PAYMENT_API_TOKEN": "specific"}, "specific"),
        ({"TOKEN": "shell"}, {"TOKEN": "file"}, "shell"),
        ({"TOKEN": "shell"}, {"PAYMENT_API_TOKEN": "file"}, "file"),
        ({}, {"TOKEN": ""}, ""),
    ],
)
def test_where_a_secret_is_found(tmp_path: Path, shell: Any, file: Any, value: str) -> None:
    """SECRET_KEY goes before the variable's own name, the shell before the file."""
    root = write(tmp_path, {"orders": {"env": {"TOKEN": SECRET}}})
    process = planned(root, shell=shell, file=file).processes["orders"]
    assert process.environment["TOKEN"] == value
    assert process.secrets == {value}
    assert "TOKEN" not in repr(process)


def test_what_keeps_a_function_from_starting(tmp_path: Path) -> None:
    """All of it at once, each at its line, and no value of what is there."""
    functions: dict[str, dict[str, Any]] = {
        "orders": {"env": {"TOKEN": SECRET, "THERE": SECRET | {"secret": {"name": "a", "key": "b"}}}},
        "away": {"runtime": "node", "source": "nowhere"},
    }
    environments = {"dev": {"functions": {"orders": {"env": {"CURRENCY": CONFIG}}}}}
    root = write(tmp_path, functions, environments=environments)
    with pytest.raises(SpecError) as caught:
        plan(load_spec(root), root, "dev", Values(file={"A_B": "sesame"}), lambda _: None)
    text = (root / "functions.yaml").read_text().split("\n")
    told = {(text[item.line - 1].strip(), item.message, item.hint) for item in caught.value.problems}
    shop, payment = "SHOP_CURRENCY or CURRENCY", "PAYMENT_API_TOKEN or TOKEN"
    hint = "set {} in .env beside functions.yaml, or in the shell"
    install = "pip install 'plait[run]'"
    assert {(message, hint) for _, message, hint in told} == {
        (
            "TOKEN of orders is in the Secret payment, key api.token: no value for it here",
            hint.format(payment),
        ),
        (
            "CURRENCY of orders is in the ConfigMap shop, key currency: no value for it here",
            hint.format(shop),
        ),
        ("no such folder: nowhere", "plait new writes a first function"),
        ("plait-handler, the runtime of orders, is not installed", install),
        ("plait-node, the runtime of away, is not installed", install),
    }
    assert {line for line, _, _ in told} >= {"source: nowhere", "runtime: node"}
    assert "sesame" not in str(caught.value)


def test_functions_that_plait_does_not_start(tmp_path: Path) -> None:
    """A container with a URL is there already; one without, and a function without source, are notes."""
    functions: dict[str, dict[str, Any]] = {
        "here": {"runtime": "container", "container": {"url": "http://127.0.0.1:9000/"}},
        "nowhere": {"runtime": "container"},
    }
    root = write(tmp_path, functions)
    found = planned(root)
    assert (found.processes, found.urls) == ({}, {"here": "http://127.0.0.1:9000/"})
    assert [note.message for note in found.notes] == ["nowhere has no container.url: no event reaches it"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(A)-$(B)", "1-$(B)"),
        ("$$(A) $$$(A) $A ${A} $(A", "$(A) $1 $A ${A} $(A"),
        ("$($(A))", "$($(A))"),
        ("", ""),
    ],
)
def test_references_between_variables(text: str, expected: str) -> None:
    """As the kubelet does it."""
    assert expanded(text, {"A": "1"}) == expected


def test_a_file_of_values(tmp_path: Path) -> None:
    """Quotes, comments and export are understood; `${NAME}` is text; a name without a value is none."""
    file = tmp_path / ".env"
    file.write_text("# ours\nexport A=1\nB='x y' # c\nC=${A}\n\nD=\"two\\nlines\"\nE\nF=\n")
    assert envfile.read(file) == {"A": "1", "B": "x y", "C": "${A}", "D": "two\nlines", "F": ""}
    assert envfile.read(tmp_path / "none") == {}


def test_a_file_that_is_not_understood(tmp_path: Path) -> None:
    """The line is named, its text is not shown: it may be a secret."""
    file = tmp_path / ".env"
    file.write_text("A=1\nB='sesame\n")
    with pytest.raises(SpecError) as caught:
        envfile.read(file)
    assert (
        str(caught.value)
        == f"{file}:2:1: not understood\n  hint: a line is NAME=value, NAME='value' or # a comment"
    )


@settings(deadline=None)
@given(
    st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]{0,5}", fullmatch=True), st.text("ab '$#=\\", max_size=8))
)
def test_values_in_single_quotes(values: dict[str, str]) -> None:
    """Whatever is in single quotes, with quotes and backslashes escaped, comes back."""
    escaped = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in values.items()}
    text = "".join(f"{name}='{value}'\n" for name, value in escaped.items())
    assert envfile.parse(text, ".env") == values
