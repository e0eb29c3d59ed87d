"""plait as a KRM function: a ResourceList in, a ResourceList out.

Source: the KRM Functions Specification (config.kubernetes.io/v1 ResourceList). Items that are not plait's
stay byte for byte, comments too. As kustomize runs it, paths are relative to the kustomization's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plait import emit
from plait.doors import results
from plait.doors.rendering import Rendered, of_repository, of_source
from plait.doors.results import CONFIG, Result
from plait.edits import Object, get
from plait.errors import PlaitError
from plait.project import SPEC, load_spec
from plait.render import hash_suffix
from plait.spec.load import Source, load
from plait.surgery import Text
from plait.yamlio import YamlProblem

API_VERSION = "plait.dev/v1"
ENVIRONMENT = "plait.dev/environment"
KINDS = ("Render", "Check", "Functions")
_LOCAL = "config.kubernetes.io/local-config"
_LIST = "ResourceList"
_UNHASHED = "internal.config.kubernetes.io/needsHashSuffix"
"""kustomize's own mark of a ConfigMap whose name it will complete after all functions."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back.

    Attributes:
        text: the ResourceList.
        results: as they stand in it.
    """

    text: str
    results: Sequence[Result] = field(default_factory=tuple)

    @property
    def failed(self) -> bool:
        """Whether the function ends with 1."""
        return any(result.severity == "error" for result in self.results)


def answer(text: str, folder: Path) -> Answer:
    """Run the function.

    Args:
        text: the ResourceList that came in.
        folder: what paths in the functionConfig are relative to.

    Raises:
        PlaitError: it is no ResourceList, or its functionConfig is not for plait. Exit code 2.
    """
    listed = _read(text)
    config = _config(listed.data or {})
    if config["kind"] == "Check":
        found = list(_checked(config, folder, listed.entries("items")))
        return _answer(listed, None, found)
    try:
        rendered = _render(config, folder)
    except PlaitError as error:
        return _answer(listed, None, list(results.of_error(error, config)))
    return _answer(listed, rendered, [Result(note, "info") for note in rendered.notes])


def _read(text: str) -> Text:
    try:
        listed = Text(text)
    except YamlProblem as error:
        problem = error.problem
        where = f"standard input:{problem.line}:{problem.column}"
        raise PlaitError(problem.message, where=where, exit_code=2) from None
    except PlaitError as error:
        raise PlaitError(error.message, where="standard input", exit_code=2) from None
    if (listed.data or {}).get("kind") != _LIST:
        hint = "plait krm is run by kustomize or kpt; by hand, plait render ENV"
        raise PlaitError("no ResourceList", where="standard input", hint=hint, exit_code=2)
    if not _are_objects((listed.data or {}).get("items")):
        raise PlaitError("items are not a list of objects", where="standard input", exit_code=2)
    return listed


def _are_objects(items: Any) -> bool:
    return items is None or (
        isinstance(items, list)
        and all(isinstance(item, dict) and isinstance(item.get("metadata") or {}, dict) for item in items)
    )


def _config(listed: Mapping[str, Any]) -> Object:
    config = listed.get("functionConfig")
    kind = get(config, "kind")
    if get(config, "apiVersion") != API_VERSION or kind not in KINDS:
        hint = f"apiVersion: {API_VERSION} and kind: {' or '.join(KINDS)}"
        raise PlaitError("not for plait", where="functionConfig", hint=hint, exit_code=2)
    return dict(config or {})


def _render(config: Object, folder: Path) -> Rendered:
    if config["kind"] == "Functions":
        return of_source(_inline(config), folder, _only_environment(config))
    environment = get(config, "spec", "environment")
    if not isinstance(environment, str):
        raise PlaitError("name the environment", where="functionConfig: spec.environment", exit_code=2)
    functions = get(config, "spec", "functions")
    if isinstance(functions, dict):
        return of_source(_inline(functions), folder, environment)
    return of_repository(_root(functions, folder), environment)


def _root(functions: Any, folder: Path) -> Path:
    """The folder of a functions.yaml; by default the one where the function runs."""
    path = folder / (SPEC if functions is None else str(functions))
    if path.name != SPEC:
        hint = f"the path of a {SPEC}, or its content as a mapping"
        raise PlaitError(f"no {SPEC}", where="functionConfig: spec.functions", hint=hint, exit_code=2)
    return path.parent


def _inline(document: Object) -> Source:
    """A functions.yaml that stands in the functionConfig, without what the caller put on it."""
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict):
        own = {
            key: text for key, text in metadata["annotations"].items() if "config.k" not in key.split("/")[0]
        }
        own.pop(ENVIRONMENT, None)
        document = {**document, "metadata": {**metadata, "annotations": own}}
    return load(emit.document(document).encode(), CONFIG)


def _only_environment(config: Object) -> str:
    named = get(config, "metadata", "annotations", ENVIRONMENT)
    environments = get(config, "spec", "environments")
    known = list(environments) if isinstance(environments, dict) else []
    if named or len(known) == 1:
        return str(named or known[0])
    hint = f"the annotation {ENVIRONMENT}: {' or '.join(map(str, known))}"
    raise PlaitError(
        "name the environment", where="functionConfig: metadata.annotations", hint=hint, exit_code=2
    )


def _checked(config: Object, folder: Path, items: Sequence[Object]) -> Iterator[Result]:
    """Mistakes and warnings of functions.yaml; with `environment`, also its objects that `items` lacks."""
    functions = get(config, "spec", "functions")
    environment = get(config, "spec", "environment")
    try:
        source = _inline(functions) if isinstance(functions, dict) else load_spec(_root(functions, folder))
        yield from results.warnings(source)
        if environment:
            there = {_identity(_named(item)) for item in items}
            render = Object(kind="Render", spec={"environment": environment, "functions": functions})
            for item in _render(render, folder).objects:
                if _identity(item) not in there:
                    name = f"{item['kind']} {item['metadata']['name']}"
                    yield Result(f"{name} is not among the items", resource=item)
    except PlaitError as error:
        yield from results.of_error(error, config)


def _answer(listed: Text, rendered: Rendered | None, found: Sequence[Result]) -> Answer:
    """The list with the rendered objects in the place of those of their names, and without local ones."""
    if rendered is not None:
        identities = {_identity(item) for item in rendered.objects}
        listed.set_entries("items", lambda item: _goes(item, identities), rendered.objects, _identity)
    listed.set_entries("results", lambda _: True, [result.data() for result in found], repr)
    return Answer(listed.result(), found)


def _goes(item: Object, identities: set[tuple[str, ...]]) -> bool:
    """The functionConfig stands among the items where kustomize runs a generator: it is no object."""
    ours = item.get("apiVersion") == API_VERSION and item.get("kind") in KINDS
    local = str(get(item, "metadata", "annotations", _LOCAL)).lower() == "true"
    return (ours and local) or _identity(item) in identities


def _named(item: Object) -> Object:
    """The item under the name that it will have."""
    if item.get("kind") != "ConfigMap" or get(item, "metadata", "annotations", _UNHASHED) != "enabled":
        return item
    suffix = hash_suffix(item.get("data") or {}, item.get("binaryData") or {})
    return {**item, "metadata": {**item["metadata"], "name": f"{item['metadata']['name']}-{suffix}"}}


def _identity(item: Object) -> tuple[str, ...]:
    metadata = item.get("metadata") or {}
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    return group, str(item.get("kind")), str(metadata.get("namespace", "")), str(metadata.get("name"))
