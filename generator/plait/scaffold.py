"""First files: a functions.yaml for `plait init`, a function for `plait new`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plait import emit
from plait.errors import PlaitError
from plait.yamlio import Node, parse

GITATTRIBUTES = """\
# plait writes LF on every machine; reviews fold what it generates.
base/** text eol=lf linguist-generated
overlays/** text eol=lf
overlays/**/promoted/** linguist-generated
overlays/**/plait-*.yaml linguist-generated
gitops/** text eol=lf linguist-generated
"""

_PYTHON = '''\
"""{name}: called once for each event."""


def handle(event):
    """Return the data of the reply, or None for no reply. `event` is a CloudEvent of the cloudevents SDK."""
    return {{"received": event.get_type()}}
'''
_NODE = """\
// {name}: called once for each event; what it returns is the data of the reply.
const handle = async (context, event) => {{
  return {{ received: context.cloudevent.type }};
}};

module.exports = {{ handle }};
"""
_WASM = """\
;; {name}: add(i32, i32) -> i32. Any language that compiles to WebAssembly will do.
(module
  (func (export "add") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add))
"""


@dataclass(frozen=True)
class Template:
    """The code of a first function.

    Attributes:
        file: its file in the source folder.
        text: its content, with {name} for the function's name.
        fields: more fields of its entry in functions.yaml.
    """

    file: str
    text: str
    fields: dict[str, object]


TEMPLATES = {
    "python": Template("function.py", _PYTHON, {}),
    "node": Template("index.js", _NODE, {}),
    "wasm": Template("add.wat", _WASM, {"wasm": {"module": "add.wat", "function": "add", "args": ["data.a", "data.b"]}}),
}


def function_entry(application: str, runtime: str, name: str, image: str | None) -> dict[str, object]:
    """A function's entry in functions.yaml."""
    template = TEMPLATES.get(runtime)
    where: dict[str, object] = {"source": f"functions/{name}"} if template else {}
    return {
        "runtime": runtime,
        **where,
        "image": image or f"registry.example.com/{application}/{name}:0.1.0",
        **(template.fields if template else {}),
        "subscribes": [{"type": f"com.example.{name}.requested"}],
        "emits": [{"type": f"com.example.{name}.done", "source": f"/{application}/{name}"}],
    }


def first_spec(application: str, namespace: str, platform: str, entry: tuple[str, dict[str, object]] | None) -> str:
    """A whole functions.yaml: two environments, the second one gated."""
    body: dict[str, object] = {"namespace": namespace, "functions": dict([entry]) if entry else {}}
    if entry:
        body["external"] = [{"type": f"com.example.{entry[0]}.requested"}]
    body["environments"] = {
        "minikube": {"platform": "minikube"},
        "production": {"platform": platform, "promotesFrom": "minikube"},
    }
    head = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": application}}
    return "# yaml-language-server: $schema=schemas/functions.v1.json\n" + emit.document({**head, "spec": body})


def with_function(text: str, name: str, entry: dict[str, object]) -> str:
    """functions.yaml with one more function; every other byte stays as it is.

    Raises:
        PlaitError: `functions` is written in {braces}.
    """
    root = parse(text)[0]
    key, body = root.value["spec"]
    lines = text.split("\n")
    found = body.value.get("functions")
    if found is None or not found[1].value:
        _insert_first(lines, body, found, name, entry)
    else:
        _insert_next(lines, found[1], name, entry)
    return "\n".join(lines)


def _insert_first(
    lines: list[str], body: Node, found: tuple[Node, Node] | None, name: str, entry: dict[str, object]
) -> None:
    if body.flow:
        raise _braces(body)
    indent = " " * (next(iter(body.value.values()))[0].column - 1)
    new = [indent + line for line in emit.document({"functions": {name: entry}}).splitlines()]
    if found is None:
        lines[body.end_line : body.end_line] = new
    else:
        start = found[0].line - 1
        lines[start : max(found[1].end_line, start + 1)] = new


def _insert_next(lines: list[str], functions: Node, name: str, entry: dict[str, object]) -> None:
    if functions.flow:
        raise _braces(functions)
    indent = " " * (next(iter(functions.value.values()))[0].column - 1)
    new = [indent + line for line in emit.document({name: entry}).splitlines()]
    lines[functions.end_line : functions.end_line] = new


def _braces(node: Node) -> PlaitError:
    hint = "write it with one key a line, then run this again"
    return PlaitError("is written in {braces}, where plait adds no line", where=f"functions.yaml:{node.line}", hint=hint)


def name_from(folder: str) -> str:
    """A name for an application, from its folder's: `My Shop` is my-shop."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    return name[:63].strip("-") or "functions"
