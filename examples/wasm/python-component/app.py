"""A component in Python.

Build, in this folder (18 MB, of which Python is nearly all):

    pip install componentize-py
    componentize-py -d ../../../runtimes/wasmtime/wit -w function componentize app -o app.wasm
    plait-wasmtime --compile app.wasm
"""

import json

import wit_world
from componentize_py_types import Err
from wit_world import Failure_Reject


class WitWorld(wit_world.WitWorld):
    """The exports."""

    def handle(self, event):
        """Adds up a list of numbers."""
        data = json.loads(event).get("data")
        if not isinstance(data, list):
            raise Err(Failure_Reject("the data is no list"))
        return json.dumps({"sum": sum(data)})
