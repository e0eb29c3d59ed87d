"""How a function's image is built: the Containerfile, its arguments, the labels; as a command of a tool.

Labels: the annotations that the OCI image specification 1.1 keeps names for (annotations.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plait.errors import PlaitError
from plait.images.source import Source
from plait.spec.function import Function
from plait.spec.image import Image

CONTAINERFILES = Path(__file__).parent
Labels = Mapping[str, str]
_OCI = "org.opencontainers.image"
# What the runtime's image says of itself would otherwise be said of the user's function.
_NOT_INHERITED = ("description", "licenses", "revision", "source")


@dataclass(frozen=True)
class Build:
    """One image to build.

    Attributes:
        image: what it is to be called; with a tag, without a digest.
        containerfile: the file that a tool follows.
        context: the folder that it may copy from.
        arguments: build arguments by name.
        labels: of the image.
        ignores: files in the context that say what is left out of it.
    """

    image: Image
    containerfile: Path
    context: Path
    arguments: Mapping[str, str]
    labels: Labels
    ignores: Sequence[str] = ()


def plan(
    name: str, function: Function, image: Image, source: Source, runtime: Image, builder: Image | None = None
) -> Build:
    """How a function's image is built.

    Args:
        name: the function's.
        function: what functions.yaml says of it: python, node or wasm, with a source.
        image: what the image is to be called.
        source: its source folder.
        runtime: the runtime's image, which it is built on.
        builder: an image with pip or npm, where there is something to install.

    Raises:
        PlaitError: there is something to install, and no builder.
    """
    arguments = {"RUNTIME_IMAGE": str(runtime)}
    if function.wasm:
        arguments |= {"MODULE": function.wasm.module, "FUNCTION": function.wasm.function or ""}
    if source.installs:
        if builder is None:
            raise _no_builder(function.runtime, source)
        arguments["BUILDER_IMAGE"] = str(builder)
    return Build(
        image=image,
        containerfile=CONTAINERFILES / f"{_kind(function, source)}.Containerfile",
        context=source.folder,
        arguments=arguments,
        labels=_labels(name, image, runtime),
        ignores=sorted(source.names & {".dockerignore", ".containerignore"}),
    )


def _kind(function: Function, source: Source) -> str:
    return function.runtime if function.wasm or source.installs else "copy"


def _no_builder(runtime: str, source: Source) -> PlaitError:
    file, has, example = {
        "python": ("requirements.txt", "pip, and the runtime's version of Python", "python:3.13-slim-trixie"),
        "node": ("package.json", "npm", "node:24-trixie-slim"),
    }[runtime]
    hint = f"--builder IMAGE: an image with {has}, such as docker.io/library/{example}@sha256:..."
    return PlaitError(
        "wants packages, which the runtime's image has no program to install",
        where=str(source.folder / file),
        hint=hint,
        exit_code=2,
    )


def _labels(name: str, image: Image, runtime: Image) -> Labels:
    labels = {f"{_OCI}.{key}": "" for key in _NOT_INHERITED}
    base = {"base.name": f"{runtime.repository}:{runtime.tag}" if runtime.tag else runtime.repository}
    own = {"title": name, "version": image.tag or "", **base, "base.digest": runtime.digest or ""}
    return dict(sorted((labels | {f"{_OCI}.{key}": value for key, value in own.items()}).items()))


def build_command(build: Build, tool: str, epoch: str = "0", more: Sequence[str] = ()) -> list[str]:
    """The build as a command of buildah, podman or docker.

    Args:
        build: what is built.
        tool: one of the three.
        epoch: the time that everything in the image bears, seconds since 1970: a clock would make every build
            another image. docker gives it to the image alone, not to its files.
        more: options of the tool's own, which come last and so win.

    Raises:
        PlaitError: the context has a .containerignore alone, which docker does not read.
    """
    if tool == "docker" and ".containerignore" in build.ignores and ".dockerignore" not in build.ignores:
        hint = "rename it to .dockerignore, which buildah and podman read too"
        raise PlaitError("docker does not read it", where=str(build.context / ".containerignore"), hint=hint)
    command = [tool, "build", "--file", str(build.containerfile), "--tag", str(build.image)]
    for key, value in build.arguments.items():
        command += ["--build-arg", f"{key}={value}"]
    for key, value in build.labels.items():
        command += ["--label", f"{key}={value}"]
    command += _time(tool, epoch)
    return [*command, *more, _path(build.context)]


def _time(tool: str, epoch: str) -> list[str]:
    return ["--build-arg", f"SOURCE_DATE_EPOCH={epoch}"] if tool == "docker" else ["--timestamp", epoch]


def _path(context: Path) -> str:
    """A folder that no tool takes for an option or a URL."""
    text = str(context)
    return text if text.startswith(("/", ".")) else f"./{text}"


def push_command(image: Image, tool: str) -> list[str]:
    """The push of the image that was built, to where its name says."""
    return [tool, "push", str(image)]
