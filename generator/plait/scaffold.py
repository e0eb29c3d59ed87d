"""First files: a functions.yaml for `plait init`, a function for `plait new`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plait import emit
from plait.errors import PlaitError, SpecError
from plait.spec.load import load
from plait.yamlio import Node, parse

GITIGNORE = """\
__pycache__/
node_modules/
.plait/
.env
"""
GITATTRIBUTES = """\
# plait writes LF on every machine; reviews fold what it generates.
base/** text eol=lf linguist-generated
overlays/** text eol=lf
overlays/**/promoted/** linguist-generated
overlays/**/plait-*.yaml linguist-generated
gitops/** text eol=lf linguist-generated
# Code is kept byte for byte: a module is no text, and its bytes are what was promoted.
overlays/**/code/** -text
functions/** -text
"""

BYTE_ORDER_MARK = "\ufeff"
_PYTHON = '''\
"""{name}: called once for each event."""


def handle(event):
    """`event` is a CloudEvent of the cloudevents SDK. To answer, return data and list it under `emits`."""
    print("received", event.get_type(), event.get_id())
'''
_NODE = """\
// {name}: called once for each event. To answer, return data and list it under `emits`.
const handle = async (context) => {{
  context.log.info(`received ${{context.cloudevent.type}} ${{context.cloudevent.id}}`);
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
    "wasm": Template(
        "add.wat", _WASM, {"wasm": {"module": "add.wat", "function": "add", "args": ["data.a", "data.b"]}}
    ),
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
    }


def first_spec(
    application: str, namespace: str, platform: str, entry: tuple[str, dict[str, object]] | None
) -> str:
    """A whole functions.yaml: two environments, the second one gated."""
    body: dict[str, object] = {"namespace": namespace, "functions": dict([entry]) if entry else {}}
    if entry:
        body["external"] = [{"type": f"com.example.{entry[0]}.requested"}]
    body["environments"] = {
        "minikube": {"platform": "minikube"},
        "production": {"platform": platform, "promotesFrom": "minikube"},
    }
    head = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": application}}
    return "# yaml-language-server: $schema=schemas/functions.v1.json\n" + emit.document(
        {**head, "spec": body}
    )


def check(text: str) -> None:
    """Refuse a functions.yaml that plait is about to write and could not read.

    Its lines are not on disk: a mistake is told by the text that is wrong, not by its place.

    Raises:
        PlaitError: with exit code 2.
    """
    try:
        load(text.encode())
    except SpecError as error:
        first = error.problems[0]
        where = (first.quoted or "").strip().removesuffix(":")
        raise PlaitError(
            first.message, where=where or None, hint=first.hint, exit_code=error.exit_code
        ) from None


def with_function(text: str, name: str, entry: dict[str, object]) -> str:
    """functions.yaml with one more function; every other byte stays as it is.

    Raises:
        PlaitError: `spec` or `functions` is written in {braces}.
    """
    root = parse(text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n"))[0]
    body = root.value["spec"][1]
    if body.flow:
        raise _braces(body)
    lines = text.split("\n")
    key, functions = body.value.get("functions", (None, None))
    if functions is not None and functions.value:
        if functions.flow:
            raise _braces(functions)
        return _inserted(lines, _end(lines, functions), _indent(functions), {name: entry})
    if functions is None:
        return _inserted(lines, _end(lines, body), _indent(body), {"functions": {name: entry}})
    _clear(lines, key, functions)
    return _inserted(lines, key.line, f"{_indent(body)}  ", {name: entry})


def _indent(mapping: Node) -> str:
    first: Node = next(iter(mapping.value.values()))[0]
    return " " * (first.column - 1)


def _end(lines: list[str], mapping: Node) -> int:
    """The line after a mapping; comments that are indented more than its keys are about its last one."""
    end, column = mapping.end_line, len(_indent(mapping))
    for number in range(mapping.end_line, len(lines)):
        line = lines[number]
        if line.strip() and not re.match(rf" {{{column + 1},}}#", line):
            break
        end = number + 1 if line.strip() else end
    return end


def _clear(lines: list[str], key: Node, empty: Node) -> None:
    """`functions: {}` and `functions: null` become `functions:`; a comment behind stays."""
    if not empty.flow and not empty.text:
        return
    if not key.line == empty.line == empty.end_line:
        raise _braces(empty)
    line = lines[key.line - 1]
    lines[key.line - 1] = line[: empty.column - 1].rstrip() + line[empty.end_column - 1 :]


def _inserted(lines: list[str], at: int, indent: str, content: dict[str, object]) -> str:
    """The text with a mapping before line `at` (counted from 0), with the line ends of the first line."""
    end = "\r" if lines[0].endswith("\r") else ""
    new = [f"{indent}{line}{end}" for line in emit.document(content).splitlines()]
    if at == len(lines):  # the file's last line has no newline
        lines[-1] += end
        new[-1] = new[-1].removesuffix(end)
    return "\n".join([*lines[:at], *new, *lines[at:]])


def _braces(node: Node) -> PlaitError:
    hint = "write it with one key a line, then run this again"
    return PlaitError(
        "is written in {braces}, where plait adds no line", where=f"functions.yaml:{node.line}", hint=hint
    )


def name_from(folder: str) -> str:
    """A name for an application, from its folder's: `My Shop` is my-shop."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    return name[:63].strip("-") or "functions"
