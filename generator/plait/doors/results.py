"""What a KRM function tells: results with file and field of functions.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plait import emit
from plait.edits import Object, get
from plait.errors import PlaitError, Problem, SpecError
from plait.findings import allowed, of_flow
from plait.flow import Flow
from plait.spec.load import Source
from plait.yamlio import YamlProblem, parse

CONFIG = "functionConfig"  # how a functions.yaml that stands in there is named


@dataclass(frozen=True, slots=True)
class Result:
    """One entry of `results`.

    Attributes:
        severity: error, warning or info.
        file: of the mistake, or None where functions.yaml is in the functionConfig.
        line: counted from 1, or None.
        field: path of the field, or None.
        resource: the object that is meant, or None.
    """

    message: str
    severity: str = "error"
    file: str | None = None
    line: int | None = None
    field: str | None = None
    resource: Object | None = None

    def data(self) -> dict[str, Any]:
        """As the specification writes it."""
        place = {"file": {"path": self.file}} if self.file else {}
        where = {"field": {"path": self.field}} if self.field else {}
        tags = {"tags": {"line": str(self.line)}} if self.line else {}
        return {
            "message": self.message,
            "severity": self.severity,
            **self._reference(),
            **place,
            **where,
            **tags,
        }

    def _reference(self) -> dict[str, Any]:
        if self.resource is None:
            return {}
        item, metadata = self.resource, self.resource["metadata"]
        kept = {key: metadata[key] for key in ("name", "namespace") if key in metadata}
        return {"resourceRef": {"apiVersion": item["apiVersion"], "kind": item["kind"], **kept}}

    def text(self) -> str:
        """For stderr, which is all that kustomize shows of a failure."""
        place = ":".join(filter(None, [self.file, str(self.line) if self.line else None]))
        return ": ".join(filter(None, [place, self.field, f"{self.severity}: {self.message}"]))


def warnings(source: Source) -> Iterator[Result]:
    """What looks wrong in the flow."""
    for finding in of_flow(Flow(source.spec)):
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in finding.location)[1:]
        line = source.problem(finding.location, finding.message).line
        if allowed(source.text, line, finding.rule):
            continue
        inline = source.path == CONFIG
        yield Result(
            finding.message,
            "warning",
            None if inline else source.path,
            None if inline else line,
            f"spec.functions.{path}" if inline else path,
        )


def of_error(error: PlaitError, config: Object) -> Iterator[Result]:
    """An error; of functions.yaml, each of its mistakes with its field."""
    if not isinstance(error, SpecError):
        yield Result(str(error).replace("\n  hint: ", "; "))
        return
    inline = error.path == CONFIG
    document = config if config["kind"] == "Functions" else get(config, "spec", "functions")
    text = emit.document(document) if inline else Path(error.path).read_text(encoding="utf-8-sig")
    prefix = "spec.functions." if inline and config["kind"] != "Functions" else ""
    for problem in error.problems:
        path = _field(text, problem)
        message = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
        file, line = (None, None) if inline else (error.path, problem.line)
        yield Result(message, file=file, line=line, field=f"{prefix}{path}" if path else None)


def _field(text: str, problem: Problem) -> str | None:
    """The path of the value, or the key, that starts where the problem is."""
    try:
        nodes = parse(text)
    except YamlProblem:
        return None
    stack = [(nodes[0], "")] if nodes else []
    while stack:
        node, path = stack.pop()
        children = node.value if isinstance(node.value, dict | list) else ()
        if isinstance(children, dict):
            for key, (name, value) in children.items():
                below = f"{path}.{key}" if path else key
                if (problem.line, problem.column) in ((name.line, name.column), (value.line, value.column)):
                    return below
                stack.append((value, below))
        else:
            stack += [(value, f"{path}[{at}]") for at, value in enumerate(children)]
    return None
