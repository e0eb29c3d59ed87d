"""What functions.yaml says of a build: whether plait builds it, what it is called, what it is built on."""

from __future__ import annotations

from dataclasses import replace

from plait.errors import PlaitError, nearest, short
from plait.spec.environment import Environment
from plait.spec.function import Function
from plait.spec.image import Image
from plait.spec.model import Body

_GUIDE = "docs/runtimes/images.md"


def function_of(body: Body, name: str) -> Function:
    """The function, when plait can build its image.

    Raises:
        PlaitError: with exit code 2: no such function; runtime: container; packaging: configMap; no source.
    """
    function = body.functions.get(name)
    if function is None:
        hint = nearest(name, body.functions) or f"functions.yaml has {', '.join(body.functions) or 'none'}"
        raise PlaitError(f"no function named {short(name)}", hint=hint, exit_code=2)
    where = f"functions.yaml: spec.functions.{name}"
    if function.runtime == "container":
        message = "plait does not build images of runtime: container"
        hint = (
            f"build it by its own Dockerfile, call it {function.image}, then plait release ENV {name}=IMAGE"
        )
        raise PlaitError(message, where=where, hint=hint, exit_code=2)
    if function.packaging == "configMap":
        message = "packaging: configMap needs no image: plait release takes the code into the overlay"
        hint = "packaging: image, where the code should be in an image"
        raise PlaitError(message, where=where, hint=hint, exit_code=2)
    if function.source is None:
        hint = f"as source: functions/{name}, the folder with the code"
        raise PlaitError("there is nothing to build: it has no `source`", where=where, hint=hint, exit_code=2)
    return function


def image_of(
    name: str, function: Function, tag: str | None = None, environment: Environment | None = None
) -> Image:
    """What the image is to be called: functions.yaml's `image`, with another tag, or in another registry.

    Args:
        name: the function's.
        function: what functions.yaml says of it.
        tag: in place of that of functions.yaml.
        environment: whose registry takes the place of the one in functions.yaml.

    Raises:
        PlaitError: with exit code 2: no tag anywhere, or one that cannot be.
    """
    assert function.image is not None
    image = replace(Image.parse(function.image), digest=None)
    if tag is not None:
        image = _tagged(image, tag)
    if image.tag is None:
        where = f"functions.yaml: spec.functions.{name}.image"
        hint = "--tag TAG, since a digest is known only after the build"
        raise PlaitError(f"{function.image} has no tag", where=where, hint=hint, exit_code=2)
    return image.at(environment.registry if environment else None)


def _tagged(image: Image, tag: str) -> Image:
    try:
        found = Image.parse(f"{image.repository}:{tag}")
    except ValueError:
        found = image
    if found.tag != tag:
        hint = "letters, digits, '_', '.', '-'; 128 at the most; the repository is that of functions.yaml"
        raise PlaitError(f"{short(tag)} is not a tag", where="--tag", hint=hint, exit_code=2)
    return found


def runtime_of(body: Body, function: Function, given: Image | None = None) -> Image:
    """The runtime's image, which the function's is built on.

    Args:
        body: what functions.yaml says.
        function: one of its functions.
        given: another than that of functions.yaml.

    Raises:
        PlaitError: with exit code 2: functions.yaml names none, or one without tag and digest.
    """
    text = getattr(body.runtimes, function.runtime)
    if given is None and text is None:
        message = f"no image to build on: spec.runtimes.{function.runtime} is not set"
        hint = f"set it, or --from IMAGE; {_GUIDE} says how to build one"
        raise PlaitError(message, where="functions.yaml", hint=hint, exit_code=2)
    runtime = given or Image.parse(text)
    if runtime.version is None:
        hint = f"{runtime}:TAG, or better {runtime}@sha256:..."
        raise PlaitError(f"{runtime} has neither tag nor digest", hint=hint, exit_code=2)
    return runtime
