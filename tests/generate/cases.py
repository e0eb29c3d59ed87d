"""The specs whose whole output is kept under golden/, each with the commands that made it."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.generate.repository import Repository, folder_until_exit

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
EVERY_BYTE = bytes(range(256))
DIGEST = "sha256:" + "0123456789abcdef" * 4

CODE: Mapping[str, str | bytes] = {
    "functions/flat/index.js": 'module.exports = { handle: () => "<b>&amp;\\b</b>" };\r\n',
    "functions/flat/README.md": "",
    "functions/nested/function.py": 'import lib.util\n\n\ndef handle(event):\n\treturn "${HOME} \u2028 é 🎉"\n',
    "functions/nested/lib/util.py": "\n\n  # odd: [indent]\n- not: a list\n",
    "functions/nested/lib/data/every.bin": EVERY_BYTE,
    "functions/nested/__pycache__/function.pyc": b"\0",
    "functions/nested/.env": "SECRET=1\n",
    "functions/module/add.wasm": b"\0asm\1\0\0\0",
}
COMMANDS: Mapping[str, Sequence[str]] = {
    "code": (
        "generate",
        "release dev flat --follow",
        "promote dev live",
        "release dev serving=registry.example.com/plait/handler:0.2.0",
    ),
    "delivery": ("generate",),
    "knative": ("generate",),
    "names": ("generate", "promote null 1"),
    "runtimes": ("generate",),
    "scaling": ("generate",),
    "shared": ("generate", "promote dev live"),
    "stages": (
        "generate",
        "release dev orders=registry.example.com/demo/orders:1.1.0",
        f"release dev invoice=registry.example.com/demo/invoice@{DIGEST}",
        "promote dev staging orders invoice",
        "promote staging production",
        f"release dev orders=registry.example.com/demo/orders:1.2.0@{DIGEST}",
        "promote dev staging orders",
    ),
}


@cache
def built(name: str) -> Repository:
    """The repository of a case, made once a process. Tests read it and leave it as it is."""
    repository = Repository(folder_until_exit(name))
    repository.write("functions.yaml", (HERE / "specs" / f"{name}.yaml").read_bytes())
    for path, content in CODE.items():
        repository.write(path, content)
    for command in COMMANDS[name]:
        repository.ok(*command.split())
    return repository


def environments(name: str) -> list[str]:
    """The environments of a case."""
    return sorted(path.name for path in (built(name).root / "overlays").iterdir())
