"""Functions to plan builds of: each kind once."""

from pathlib import Path

from plait import images
from plait.images import Build
from plait.spec.function import Function
from plait.spec.image import Image

DIGEST = f"sha256:{'a1' * 32}"
RUNTIME = Image.parse(f"registry.example.com/plait/runtime:0.1.0@{DIGEST}")
BUILDER = Image.parse(f"docker.io/library/builder@{DIGEST}")
PACKAGE = '{"dependencies": {"left": "1"}}'
FILES = {
    "python": {"function.py": ""},
    "python-requirements": {"function.py": "", "requirements.txt": "requests\n"},
    "node": {"index.js": "", "package.json": '{"name": "f"}'},
    "node-dependencies": {"index.js": "", "package.json": PACKAGE, "package-lock.json": "{}"},
    "wasm": {"add.wasm": ""},
    "wasm-component": {"component.wasm": "", "adapter.py": ""},
}
WASM = {
    "wasm": {"module": "add.wasm", "function": "add"},
    "wasm-component": {"module": "component.wasm"},
}


def function(kind: str) -> Function:
    """What functions.yaml says of it."""
    wasm = {"wasm": WASM[kind]} if kind in WASM else {}
    data = {
        "runtime": kind.partition("-")[0],
        "source": f"functions/{kind}",
        "image": f"example.com/{kind}:1.0.0",
    }
    return Function.model_validate({**data, **wasm})


def write(root: Path, kind: str) -> None:
    """Its source folder."""
    folder = root / "functions" / kind
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES[kind].items():
        (folder / name).write_text(text)


def build(root: Path, kind: str) -> Build:
    """The build of it; `root` is as a user in that folder has it, Path()."""
    found = function(kind)
    image = images.image_of(kind, found)
    return images.plan(kind, found, image, images.look(root, kind, found), RUNTIME, BUILDER)
