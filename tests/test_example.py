"""The repository's own example: what is committed is what plait makes of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import wasmtime

from plait.checking import check
from tests.support.golden import read

ROOT = Path(__file__).parent.parent


def test_the_committed_tree_is_current() -> None:
    """`plait check` on the repository finds nothing at all."""
    assert check(ROOT) == ([], 0)


def test_the_demo_writes_the_committed_tree(tmp_path: Path) -> None:
    """examples/demo.sh, run in a clone, gives base/ and overlays/ byte for byte, and its event is answered with 18."""
    for name in ("functions.yaml", "functions", "examples", "base", "overlays"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "examples").unlink()
    (tmp_path / "examples").mkdir()
    for name in ("demo.sh", "js-example-event.json"):
        (tmp_path / "examples" / name).write_bytes((ROOT / "examples" / name).read_bytes())
    for command in (
        "init --quiet",
        "-c user.name=T -c user.email=t@example.com commit --quiet --allow-empty -m x",
    ):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)  # noqa: S607 - the git of this machine
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["/bin/sh", "examples/demo.sh"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "registry.example.com/demo/wasm-example:1.0.0" in done.stdout
    assert re.search(
        r"event 3  dev.nodeshift.samples.fromwasm\n.*\n.*\n.*\n.* data .* returned 18: i32\n", done.stdout
    )
    for top in ("base", "overlays"):
        assert read(tmp_path / "build" / "demo" / top) == read(ROOT / top)


def test_the_module_is_its_source_compiled() -> None:
    """add.wasm is add.wat, and adds: 4 and 14 are 18."""
    folder = ROOT / "functions" / "wasm-example"
    assert wasmtime.wat2wasm((folder / "add.wat").read_text()) == (folder / "add.wasm").read_bytes()
    store = wasmtime.Store()
    module = wasmtime.Module.from_file(store.engine, str(folder / "add.wasm"))
    add = wasmtime.Instance(store, module, []).exports(store)["add"]
    assert isinstance(add, wasmtime.Func)
    assert add(store, 4, 14) == 18
