"""Builds all images for real and runs them: `python -m tests.images.real`, as root, on Debian.

Needs buildah, debootstrap, and package registries, no container registry: base images are made here. It takes some
minutes, and a few gigabytes below TMPDIR and in buildah's storage, where the images stay (localhost/...). At the end it
prints what docs/runtimes/images.md shows. What is asked of the machine, by environment:

    MIRROR          debootstrap's mirror of Debian, if not its own
    BUILD_OPTIONS   options for every build that installs packages, as --volume /etc/pip.conf:/etc/pip.conf:ro
    KEEP=1          base images of an earlier run are used again
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from plait.project import load_spec
from plait.resources import pod
from tests.images.real import bases, buildah, repository, serve
from tests.images.real.repository import Case

HANDLER, WASMTIME, NODE = (f"localhost/plait/{name}:1" for name in ("handler", "wasmtime", "node"))
GOAL = 10_000
_TOOLS = ("apt", "bash", "dpkg", "gcc", "npm", "pip", "pip3", "sh")
CASES = [
    Case(
        "greeting",
        HANDLER,
        lambda _, body: (
            json.loads(body) == {"hello": "World", "user": [serve.UID, 0], "root": "Read-only file system"}
        ),
    ),
    Case("dated", HANDLER, lambda _, body: _packages(body), bases.PYTHON_BUILD),
    Case(
        "js-example",
        NODE,
        lambda headers, body: (
            headers["ce-type"] == "dev.nodeshift.samples.fromjs"
            and body == b'{"message":{"msg":"From js-example-service"}}'
        ),
    ),
    Case("counted", NODE, lambda _, body: json.loads(body) == {"milliseconds": 60000}, bases.NODE_BUILD),
    Case("wasm-example", WASMTIME, lambda _, body: body == b"function: add, returned 18: i32"),
]


def _packages(body: bytes) -> bool:
    own, shared = json.loads(body)["packages"]
    return bool(own.startswith("/opt/function/") and shared.startswith("/opt/plait/"))


def main() -> None:
    """Everything, in order."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if not os.environ.get("KEEP"):
            (work / "bases").mkdir()
            bases.make(work / "bases")
        _runtimes()
        folder = repository.write(work / "repository")
        rows = [_function(case, folder, work) for case in CASES]
        sys.stdout.write("\n".join([*_sizes(work), *rows, ""]))


def _options() -> list[str]:
    return shlex.split(os.environ.get("BUILD_OPTIONS", ""))


def _runtimes() -> None:
    """The three runtimes, by the commands of docs/runtimes/images.md."""
    python = ["--build-arg", f"BUILD_IMAGE={bases.PYTHON_BUILD}"]
    node = ["--build-arg", f"BUILD_IMAGE={bases.NODE_BUILD}", "--build-arg", f"BASE_IMAGE={bases.NODE_BASE}"]
    _build(HANDLER, "handler", [*python, "--build-arg", f"BASE_IMAGE={bases.PYTHON_BASE}"])
    _build(WASMTIME, "wasmtime", [*python, "--build-arg", f"HANDLER_IMAGE={HANDLER}"])
    _build(NODE, "node", node)


def _build(image: str, name: str, arguments: list[str]) -> None:
    folder = str(repository.ROOT / "runtimes" / name)
    buildah.run("build", "--timestamp", "0", *_options(), *arguments, "--tag", image, folder)


def _function(case: Case, folder: Path, work: Path) -> str:
    """Build it twice with plait, run it, send it an event; its row of the table."""
    image = _plait_build(case, folder)
    first = buildah.run("images", "--quiet", "--no-trunc", image)
    assert _plait_build(case, folder) == image
    assert buildah.run("images", "--quiet", "--no-trunc", image) == first, f"{image}: built again, it differs"
    with serve.served(image, _variables(folder, case.function)) as port:
        status, headers, body = serve.post(port, repository.EVENT, repository.DATA)
    answer = f"{status} {headers.get('ce-type')} {body.decode()}"
    sys.stderr.write(f"{case.function} answers {answer}\n")
    assert status == 200
    assert case.holds(headers, body), answer
    assert serve.programs(image, _TOOLS) == [], f"{image} has programs that nobody needs there"
    return _added(case, image, folder, work)


def _plait_build(case: Case, folder: Path) -> str:
    builder = ["--builder", case.builder, "--", *_options()] if case.builder else []
    command = [str(Path(sys.executable).with_name("plait")), "-C", str(folder), "build", case.function]
    done = subprocess.run(
        [*command, "--with", "buildah", *builder],
        check=True,
        env=buildah.environment(),
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    return done.stdout.strip()


def _variables(folder: Path, name: str) -> dict[str, str]:
    """Those that the pod of the function would have."""
    function = load_spec(folder).spec.spec.functions[name]
    return {entry["name"]: entry["value"] for entry in pod.environment(function)}


def _sizes(work: Path) -> Iterator[str]:
    """The table of bases and runtimes."""
    yield "| image | bytes unpacked | bytes packed | of them its own, packed |"
    yield "|---|---:|---:|---:|"
    above = {HANDLER: bases.PYTHON_BASE, WASMTIME: HANDLER, NODE: bases.NODE_BASE}
    for image in (bases.PYTHON_BASE, HANDLER, WASMTIME, bases.NODE_BASE, NODE):
        size = buildah.size(image, work)
        below = sum(buildah.size(above[image], work).packed) if image in above else 0
        yield f"| {image} | {sum(size.layers)} | {sum(size.packed)} | {sum(size.packed) - below} |"
    yield ""
    yield "| function | bytes of its source | its layers, unpacked | packed, with manifest and configuration |"
    yield "|---|---:|---:|---:|"


def _added(case: Case, image: str, folder: Path, work: Path) -> str:
    """What one more function adds to a registry that has the runtime's image."""
    below = len(buildah.size(case.runtime, work).layers)
    size = buildah.size(image, work)
    source = sum(
        path.stat().st_size for path in (folder / "functions" / case.function).rglob("*") if path.is_file()
    )
    packed = sum(size.packed[below:]) + size.rest
    if not case.builder:
        assert packed - source < GOAL, f"{case.function}: {packed} bytes for {source} of source"
    return f"| {case.function} | {source} | {sum(size.layers[below:])} | {packed} |"


if __name__ == "__main__":
    main()
