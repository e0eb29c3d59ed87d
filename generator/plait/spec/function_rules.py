"""Rules of one function: fields that need or exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plait.spec.environment import Runtimes
from plait.spec.function import Function
from plait.spec.positions import KEY_OF, Location, Mistake

RESERVED_NAMES = frozenset({"name-references"})
RESERVED_LABELS = frozenset(f"app.kubernetes.io/{key}" for key in ("name", "part-of", "managed-by"))
KNATIVE_NAME_LIMIT = 57
NO_SCALE_TO_ZERO = ("a Deployment does not scale to zero", "use serving: knative, or min: 1")
_OURS = ("python", "node", "wasm")


def broken(at: Location, name: str, function: Function, runtimes: Runtimes) -> Iterator[Mistake]:
    """Every rule that this function breaks."""
    yield from _name(at, name, function)
    yield from _code(at, function, runtimes)
    yield from _size(at, function)
    yield from reserved_variables(at, function.env, function)
    yield from reserved_labels((*at, "labels"), function.labels)


def reserved_labels(at: Location, labels: Mapping[str, str]) -> Iterator[Mistake]:
    """Labels that plait sets itself: Services select pods by them."""
    for key in labels:
        if key in RESERVED_LABELS:
            yield (
                (*at, key, KEY_OF),
                f"the label {key} is plait's own",
                "leave it out; it is set on every object",
            )


def _name(at: Location, name: str, function: Function) -> Iterator[Mistake]:
    if name in RESERVED_NAMES:
        yield at, f"{name!r} is a folder that plait writes itself", "choose another name"
    if function.serving == "knative" and len(name) > KNATIVE_NAME_LIMIT:
        message = (
            f"the name has {len(name)} characters; Knative Services have {KNATIVE_NAME_LIMIT} at the most"
        )
        yield at, message, "Knative adds -00001 for its revisions, and a label holds 63"


def _code(at: Location, function: Function, runtimes: Runtimes) -> Iterator[Mistake]:
    runtime = function.runtime
    if runtime == "wasm" and function.wasm is None:
        yield at, "runtime: wasm needs `wasm`", "as wasm: {module: add.wasm, function: add}"
    for field in ("wasm", "container"):
        if getattr(function, field) is not None and runtime != field:
            yield (*at, field), f"`{field}` is for runtime: {field}, not {runtime}", None
    in_git = function.packaging == "configMap"
    if in_git and runtime not in _OURS:
        yield (*at, "packaging"), f"packaging: configMap is for {', '.join(_OURS)}, not {runtime}", None
    elif in_git and function.source is None:
        yield (
            at,
            "packaging: configMap needs `source`",
            "the folder with the code, as source: functions/orders",
        )
    if function.image is None and not in_git:
        yield at, "'image' is missing here", "as image: registry.example.com/demo/orders:1.0.0"
    elif function.image is None and runtime in _OURS and getattr(runtimes, runtime) is None:
        yield (
            at,
            f"no image to mount the code into: spec.runtimes.{runtime} is not set",
            "set it, or `image` here",
        )


def _size(at: Location, function: Function) -> Iterator[Mistake]:
    knative, scale = function.serving == "knative", function.scale
    if function.replicas is not None and (scale or knative):
        other = "`scale` decides how many replicas run" if scale else "Knative decides how many replicas run"
        yield (*at, "replicas"), other, "delete replicas" if scale else "use scale: {min: 1}"
    if scale and scale.min == 0 and not knative:
        yield (*at, "scale", "min"), *NO_SCALE_TO_ZERO
    resources = function.resources
    if scale and not knative and resources and "cpu" not in {**resources.limits, **resources.requests}:
        yield (
            (*at, "resources"),
            "`scale` measures CPU, so requests.cpu is needed",
            "as requests: {cpu: 100m}",
        )


def reserved_variables(at: Location, names: Iterable[str], function: Function) -> Iterator[Mistake]:
    """Variables that the runtime or Knative sets itself."""
    for name in names:
        if name == "PORT" and (function.runtime != "container" or function.serving == "knative"):
            yield (*at, "env", name, KEY_OF), "PORT is set by the runtime", "leave it out"
        if function.serving == "knative" and name in ("K_SERVICE", "K_CONFIGURATION", "K_REVISION"):
            yield (*at, "env", name, KEY_OF), f"{name} is set by Knative", "leave it out"
