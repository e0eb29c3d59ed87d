"""Who is measured: a binary event in, an event out, each as its own documentation says."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.runtimes.environments import PEERS, ROOT, NodeModules, Venv

SERVERS = Path(__file__).parent / "servers"
_HANDLER = ROOT / "runtimes" / "handler"
_WASM = ROOT / "functions" / "wasm-example"
_PORT = "{port}"


@dataclass(frozen=True)
class Contender:
    """One server to measure.

    Attributes:
        name: for the table.
        environment: what it runs in.
        command: `{port}` in it is the port to listen on.
        variables: of the environment, likewise.
        folder: to start it in.
    """

    name: str
    environment: Venv | NodeModules
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT


def contenders() -> list[Contender]:
    """All that this machine can run: those in JavaScript need Node and npm."""
    with_node = [plait_node(), faas_js_runtime()] if shutil.which("node") and shutil.which("npm") else []
    return [by_hand(), *handlers(), wasmtime(), *with_node, functions_framework(), func_python()]


def by_hand() -> Contender:
    """What there is to beat."""
    environment = Venv("gunicorn")
    options = ("-k", "asgi", "--keep-alive", "120", "--no-control-socket", "--http-parser", "fast", "--bind")
    command = (environment.program("gunicorn"), *options, f"127.0.0.1:{_PORT}", "byhand:app")
    return Contender("ASGI by hand, gunicorn", environment, command, folder=SERVERS)


def handlers() -> list[Contender]:
    """plait-handler, with each of its functions."""
    environment = Venv("plait-handler", (_HANDLER,))
    names = {"async_data": "async, data", "async_event": "async, event", "sync_data": "plain, data"}
    return [
        Contender(
            f"plait-handler: {name}",
            environment,
            (environment.program("plait-handler"), str(SERVERS / "plait_handler" / function)),
            {"PORT": _PORT, "PLAIT_REPLY_TYPE": "reply"},
        )
        for function, name in names.items()
    ]


def wasmtime() -> Contender:
    """The example: a fresh instance of the module for each event, with an adapter in Python."""
    environment = Venv("plait-wasmtime", (_HANDLER, ROOT / "runtimes" / "wasmtime"))
    variables = {"PORT": _PORT, "FUNCTION_NAME": "add", "MODULE_PATH": str(_WASM / "add.wasm")}
    return Contender(
        "plait-wasmtime: add", environment, (environment.program("plait-wasmtime"), str(_WASM)), variables
    )


def plait_node() -> Contender:
    """Starts by our command; that finds Node on the PATH."""
    environment = Venv("plait-node", (ROOT / "runtimes" / "node",))
    cache = str(PEERS / "plait-node" / "lib" / "cache")  # below lib/, so that it counts as installed
    variables = {"PORT": _PORT, "PLAIT_REPLY_TYPE": "reply", "XDG_CACHE_HOME": cache}
    command = (environment.program("plait-node"), str(SERVERS / "plait_node"))
    return Contender("plait-node: async, data", environment, command, variables)


def faas_js_runtime() -> Contender:
    """The runtime of Knative's `func` for JavaScript; 3.0.2 is its last for Node 20, and in plait-node."""
    environment = NodeModules("faas-js-runtime", (("cloudevents", "8.0.3"), ("faas-js-runtime", "3.0.2")))
    command = (environment.program("faas-js-runtime"), str(SERVERS / "faas_js_runtime" / "index.js"))
    variables = {"FUNC_PORT": _PORT, "NODE_PATH": str(environment.folder / "node_modules")}
    return Contender("faas-js-runtime 3.0.2", environment, command, variables)


def functions_framework() -> Contender:
    """Google's."""
    environment = Venv("functions-framework")
    source = str(SERVERS / "functions_framework" / "main.py")
    command = (environment.program("functions-framework"), "--target", "handle", "--source", source)
    options = ("--host", "127.0.0.1", "--port", _PORT)
    return Contender("functions-framework 3.10.2", environment, (*command, *options))


def func_python() -> Contender:
    """The library of Knative's `func` for Python."""
    environment = Venv("func-python")
    command = (environment.program("python"), str(SERVERS / "func_python" / "func.py"))
    return Contender("func-python 0.8.1", environment, command, {"LISTEN_ADDRESS": f"127.0.0.1:{_PORT}"})
