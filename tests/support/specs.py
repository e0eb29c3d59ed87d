"""Random valid functions.yaml files for Hypothesis, as data: every field, every short form.

`specs()` for a whole file. `plait.emit.document` makes text of it, and `files` the source folders that it
needs besides.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.spec_parts import (
    ATTRIBUTES,
    DESTINATIONS,
    DURATIONS,
    EVENTS,
    FILTERS,
    IMAGES,
    LABELS,
    LIMITS,
    NAMES,
    PROBES,
    QUANTITIES,
    REFERENCES,
    SHARED,
    VALUES,
    WASM,
    Strategy,
    environment_variables,
    optional,
    scale,
)

SCHEMA_FILES = {
    "schemas/paid.json": '{"$ref": "parts/money.json#/$defs/money", "title": "é😀 ${A}", "not": false}',
    "schemas/parts/money.json": '{"$defs": {"money": {"type": ["number", "null"], "minimum": 1e-3}}}',
    "schemas/placed.json": '{"$id": "https://example.com/placed", "pattern": "^\\u0085\\t$", "enum": []}',
    "schemas/example.json": "1",
}
SOURCE_FILES = {"python": "function.py", "node": "index.js"}


def files(spec: dict[str, Any]) -> dict[str, str]:
    """The files that a spec refers to, its functions' sources and its events' schemas: path to text."""
    found = dict(SCHEMA_FILES)
    for function in spec["spec"].get("functions", {}).values():
        if "source" in function and function["runtime"] != "container":
            name = SOURCE_FILES.get(function["runtime"]) or function["wasm"]["module"]
            found[f"{function['source']}/{name}"] = f"a function for {function['runtime']}\n"
    return found


@st.composite
def specs(
    draw: st.DrawFn,
    max_functions: int = 4,
    max_environments: int = 3,
    packaging: Sequence[str] = ("image", "configMap"),
) -> dict[str, Any]:
    """A valid functions.yaml.

    Args:
        draw: given by Hypothesis.
        max_functions, max_environments: how many at the most; 0 for none.
        packaging: the ways of packaging to choose from.
    """
    names = draw(st.lists(NAMES, unique=True, max_size=max_functions))
    runtimes = draw(optional(python=IMAGES, node=IMAGES, wasm=IMAGES))
    broker = draw(_brokers(names))
    functions = {name: draw(_functions(name, names, runtimes, packaging)) for name in names}
    stages = draw(st.lists(NAMES, unique=True, max_size=max_environments))
    body = draw(SHARED) | {"broker": broker, "runtimes": runtimes, "functions": functions}
    body["environments"] = {
        stage: draw(_environments(stages[:index], functions, names, owned=broker.get("create", True)))
        for index, stage in enumerate(stages)
    }
    left_out = draw(st.sets(st.sampled_from(["broker", "runtimes", "functions", "environments"])))
    kept = {key: item for key, item in body.items() if item or key not in left_out}
    metadata = draw(optional({"name": NAMES}, namespace=NAMES, labels=LABELS, annotations=LABELS))
    return {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": metadata, "spec": kept}


def _deliveries(names: Sequence[str]) -> Strategy:
    sinks = [
        optional({"uri": st.just("http://dead-letters.example.com/a?b=c")}),
        optional({"ref": REFERENCES}),
    ]
    if names:
        sinks.append(optional({"function": st.sampled_from(names)}))
    return optional(
        retry=st.integers(0, 10),
        backoffPolicy=st.sampled_from(["linear", "exponential"]),
        backoffDelay=DURATIONS,
        timeout=DURATIONS,
        format=st.sampled_from(["json", "binary"]),
        deadLetter=st.one_of(sinks),
    )


_BROKER: dict[str, Strategy] = {
    "class": st.sampled_from(["Kafka", "MTChannelBasedBroker"]),
    "config": optional({"name": NAMES}, apiVersion=st.just("v1"), kind=st.just("ConfigMap"), namespace=NAMES),
}


def _brokers(names: Sequence[str]) -> Strategy:
    ours = optional(name=NAMES, create=st.just(value=True), delivery=_deliveries(names), **_BROKER)
    return ours | optional({"create": st.just(value=False)}, name=NAMES)


@st.composite
def _functions(
    draw: st.DrawFn, name: str, names: Sequence[str], runtimes: dict[str, str], packaging: Sequence[str]
) -> dict[str, Any]:
    runtime = draw(st.sampled_from(["python", "node", "wasm", "container"]))
    function = {"runtime": runtime, **draw(_code(name, runtime, runtimes, packaging))}
    if runtime == "wasm":
        function["wasm"] = draw(WASM)
    if runtime == "container" and draw(st.booleans()):
        port, url = st.integers(1, 65535), st.just("http://127.0.0.1:9000/")
        function["container"] = draw(optional(port=port, url=url))
    function |= draw(_size())
    function["subscribes"] = draw(_subscriptions(name, names))
    function |= draw(
        optional(
            emits=st.lists(EVENTS, max_size=2),
            env=environment_variables(),
            timeout=st.integers(1, 3600),
            concurrency=st.integers(1, 1000),
            probes=PROBES,
            serviceAccount=NAMES,
            imagePullSecrets=st.lists(NAMES, max_size=2, unique=True),
            labels=LABELS,
            annotations=LABELS,
            delivery=_deliveries(names),
        )
    )
    return function


@st.composite
def _code(
    draw: st.DrawFn, name: str, runtime: str, runtimes: dict[str, str], packaging: Sequence[str]
) -> dict[str, Any]:
    code: dict[str, Any] = {"source": f"functions/{name}"} if draw(st.booleans()) else {}
    if runtime != "container" and draw(st.sampled_from(packaging)) == "configMap":
        code = {"packaging": "configMap", "source": f"functions/{name}"}
        if runtime in runtimes and draw(st.booleans()):
            return code
    return code | {"image": draw(IMAGES)}


@st.composite
def _size(draw: st.DrawFn) -> dict[str, Any]:
    serving = draw(st.sampled_from([None, "deployment", "knative"]))
    size: dict[str, Any] = {"serving": serving} if serving else {}
    scaled = draw(st.booleans())
    if scaled:
        size["scale"] = draw(scale(least=0 if serving == "knative" else 1))
    elif serving != "knative" and draw(st.booleans()):
        size["replicas"] = draw(st.integers(0, 20))
    if draw(st.booleans()):
        measured = {"cpu": QUANTITIES["cpu"]} if scaled else {}
        requests = optional(measured, **QUANTITIES)
        needed = {"requests": requests} if scaled else {}
        size["resources"] = draw(optional(needed, requests=requests, limits=optional(**LIMITS)))
    return size


@st.composite
def _subscriptions(draw: st.DrawFn, name: str, names: Sequence[str]) -> list[dict[str, Any]]:
    count = draw(st.integers(0, 3))
    return [draw(_subscription(f"{name}.{index}", f"com.example.{index}", names)) for index in range(count)]


@st.composite
def _subscription(draw: st.DrawFn, own_name: str, own_type: str, names: Sequence[str]) -> dict[str, Any]:
    """With a name or a type that no other has: two Triggers must not end in one name."""
    identity = draw(
        st.sampled_from([{"name": own_name}, {"type": own_type}, {"name": own_name, "type": own_type}])
    )
    rest: dict[str, Any] = draw(
        optional(
            source=VALUES,
            subject=VALUES,
            extensions=ATTRIBUTES,
            filters=st.lists(FILTERS, max_size=2),
            delivery=_deliveries(names),
        )
    )
    return identity | rest


@st.composite
def _environments(
    draw: st.DrawFn, before: Sequence[str], functions: dict[str, Any], names: Sequence[str], *, owned: bool
) -> dict[str, Any]:
    environment: dict[str, Any] = draw(
        optional(
            platform=st.sampled_from(["kubernetes", "minikube", "openshift"]),
            namespace=NAMES,
            registry=st.sampled_from(
                ["registry.internal.example.com", "localhost:5000", "r.example.com/mirror"]
            ),
            labels=LABELS,
            destination=DESTINATIONS,
        )
    )
    if owned and draw(st.booleans()):
        environment["broker"] = draw(optional(delivery=_deliveries(names), **_BROKER))
    gate = draw(st.sampled_from([None, *before]))
    if gate:
        environment["promotesFrom"] = gate
    changed = [name for name in names if draw(st.booleans())]
    environment["functions"] = {name: draw(_overrides(functions[name])) for name in changed}
    return environment


def _overrides(function: dict[str, Any]) -> Strategy:
    fields = {"env": environment_variables(), "resources": optional(limits=optional(**LIMITS))}
    knative = function.get("serving") == "knative"
    if knative or "scale" in function:
        return optional(scale=scale(least=0 if knative else 1), **fields)
    return optional(replicas=st.integers(0, 20), **fields)
