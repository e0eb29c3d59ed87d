"""The error boundary: exit codes, and words instead of tracebacks."""

import errno
import importlib
import os
import re
import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import click
import pytest

from plait import disk
from plait.cli.main import COMMANDS
from plait.errors import PlaitError
from tests.cli.workspace import Workspace, environment, process, script
from tests.support.kustomize import kubectl

USAGE = "Usage: plait [OPTIONS] COMMAND [ARGS]...\nTry 'plait --help' for help.\n\nError: "


def failing(error: BaseException) -> Callable[..., Never]:
    """A function that raises."""

    def fail(*_: Any, **__: Any) -> Never:
        raise error

    return fail


def test_an_unknown_command_names_the_nearest(empty: Workspace) -> None:
    """Exit code 2, as for every mistake of usage."""
    assert empty.refused("promot", code=2) == f"{USAGE}no such command 'promot'; did you mean 'promote'?\n"


def test_an_unknown_command_without_a_neighbour(empty: Workspace) -> None:
    """No guess is better than a wild one."""
    assert empty.refused("xyzzy", code=2) == f"{USAGE}no such command 'xyzzy'\n"


def test_without_a_command_the_help_is_shown_on_stderr(empty: Workspace) -> None:
    """It is a mistake of usage: a script must not take the help for data."""
    assert empty.refused(code=2).startswith("Usage: plait [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--colour"], "No such option '--colour'."),
        (["check", "--formt", "json"], "No such option '--formt'. Did you mean '--format'?"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif', 'github'."),
        (["promote", "dev"], "Missing argument 'TO'."),
        (["release", "dev"], "Missing argument 'FUNCTION[=IMAGE[@DIGEST]]...'."),
        (["render"], "Missing argument 'ENVIRONMENT'."),
        (["status", "extra"], "Got unexpected extra argument (extra)"),
        (["-C", "nowhere", "check"], "Invalid value for '-C': Directory 'nowhere' does not exist."),
        (["-C", "functions.yaml", "check"], "Invalid value for '-C': Directory 'functions.yaml' is a file."),
    ],
)
def test_mistakes_of_usage(shop: Workspace, args: list[str], message: str) -> None:
    """They exit 2 and say what is wrong in their last line."""
    assert message in shop.refused(*args, code=2).splitlines()[-1]


WITHOUT = {"init", "schema", "import", "krm", "cmp", "run", "send", "events", "trace", "replay"}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITHOUT])
def test_without_a_functions_yaml(empty: Workspace, command: str) -> None:
    """Every command that needs one says where it comes from."""
    arguments = {
        "new": ["python", "a"],
        "render": ["dev"],
        "release": ["dev", "a"],
        "promote": ["a", "b"],
        "build": ["a"],
        "diff": ["a..b"],
        "explain": ["--type", "t"],
    }
    hint = "plait init writes a first one; plait -C DIR reads another folder's"
    told = empty.refused(command, *arguments.get(command, []), code=2)
    assert told == f"error: functions.yaml: no such file\n  hint: {hint}\n"


@pytest.mark.parametrize("command", ["generate", "check", "status"])
def test_a_folder_named_functions_yaml(empty: Workspace, command: str) -> None:
    """It is told, as any file that cannot be read."""
    empty.path("functions.yaml").mkdir()
    assert empty.refused(command) == "error: functions.yaml: Is a directory\n"


def test_mistakes_of_the_spec_exit_2_with_their_places(shop: Workspace) -> None:
    """Nothing stands before the place, so that editors and terminals make a link of it."""
    shop.change("runtime: node", "runtime: nod")
    told = shop.refused("generate", code=2)
    assert told.startswith("functions.yaml:14:16: ")
    assert "      runtime: nod\n" in told


def test_a_mistake_without_its_line_reads_alike(empty: Workspace) -> None:
    """An empty file has no line to show, and is a mistake of the spec too."""
    empty.write("functions.yaml", "")
    told = "functions.yaml:1:1: the file is empty\n  hint: plait init writes a first one\n"
    assert empty.refused("generate", code=2) == told


@pytest.mark.parametrize("code", [1, 2])
def test_an_error_says_its_exit_code(shop: Workspace, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """1 is a failure, 2 is usage or a bad functions.yaml."""
    error = PlaitError("is wrong", where="base/broker.yaml", hint="mend it", exit_code=code)
    monkeypatch.setattr(disk, "scan", failing(error))
    told = shop.refused("status", code=code)
    assert told == "error: base/broker.yaml: is wrong\n  hint: mend it\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x"), "/srv/x: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device", "base/a"), "base/a: No space left on device"),
    ],
)
def test_what_the_system_refuses(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    """It is told in the system's words, and is no bug."""
    monkeypatch.setattr(disk, "scan", failing(error))
    assert shop.refused("status") == f"error: {told}\n"


@pytest.mark.parametrize(
    "error", [RecursionError("too deep"), MemoryError(), ValueError("x\ny"), KeyError("a")]
)
def test_a_bug_has_no_traceback(shop: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """One line says what it is, one how to see more."""
    monkeypatch.setattr(disk, "scan", failing(error))
    told = shop.refused("status")
    assert told.startswith(f"error: {type(error).__name__}")
    assert told.endswith("\n  hint: this is a bug in plait; PLAIT_DEBUG=1 shows where\n")


def test_plait_debug_shows_the_traceback(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """For whoever reports the bug."""
    monkeypatch.setattr(disk, "scan", failing(ValueError("odd")))
    monkeypatch.setenv("PLAIT_DEBUG", "1")
    with pytest.raises(ValueError, match="odd"):
        shop.plait("status")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_exits_130(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """As a shell says it: 128 and SIGINT."""
    monkeypatch.setattr(disk, "scan", failing(error))
    assert shop.refused("generate", code=130).splitlines()[-1] == "stopped"


def test_ctrl_c_in_a_process(shop: Workspace) -> None:
    """A run that waits for another one ends at once, without a traceback."""
    with disk.locked(shop.root, lambda: None):
        waiting = subprocess.Popen(
            [script(), "generate"], cwd=shop.root, env=environment(), stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "another plait is writing here; waiting for it\n"
        waiting.send_signal(signal.SIGINT)
        assert waiting.communicate(timeout=20)[1].split() == ["stopped"]
    assert waiting.returncode == 130


def test_a_full_disk(shop: Workspace) -> None:
    """The file that could not be written is named; nothing half-written stays."""
    done = subprocess.run(
        [script(), "generate"],
        cwd=shop.root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert done.returncode == 1
    assert re.fullmatch(r"error: (base|overlays)/[-\w/]+\.yaml: File too large\n", done.stderr)
    assert [name for name in shop.files() if "plait-tmp" in name] == []


def test_the_folder_is_a_file(shop: Workspace) -> None:
    """base/ in the way of something else."""
    shop.write("base", "")
    assert shop.plait("generate").err.splitlines()[-1].startswith("error: base")


def test_a_file_name_that_is_not_utf_8(shop: Workspace) -> None:
    """It is shown escaped, and does not stop the message."""
    shop.ok("generate")
    odd = shop.root / "overlays" / "dev" / "\udcff.yaml"
    odd.write_text("<<<<<<< ours\n")
    shop.change("    dev: {platform: minikube}\n", "")
    shop.change(", promotesFrom: dev", "")
    done = process("generate", cwd=shop.root)
    assert done.returncode == 1
    assert "  overlays/dev/\\udcff.yaml\n" in done.stderr


@pytest.mark.parametrize(
    ("name", "shown"), [("plait", "plait"), ("kubectl-plait", "kubectl plait"), ("kn-plait", "kn plait")]
)
def test_the_name_in_usage_is_what_was_typed(tmp_path: Path, name: str, shown: str) -> None:
    """`kubectl plait` and `kn plait` find their scripts on PATH."""
    done = subprocess.run([script(name), "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Usage: {shown} [OPTIONS] COMMAND [ARGS]...\n")


def test_kubectl_finds_its_plugin(shop: Workspace) -> None:
    """`kubectl plait` is `kubectl-plait` on PATH."""
    path = f"{Path(script()).parent}:{os.environ['PATH']}"
    command = [str(kubectl()), "plait", "schema", "-o", "x.json"]
    done = subprocess.run(
        command, cwd=shop.root, env=environment(PATH=path), capture_output=True, text=True, check=True
    )
    assert done.stderr == "wrote x.json\n"


def test_every_module_of_a_command_is_listed() -> None:
    """A command that main does not list cannot be run."""
    folder = Path(importlib.import_module("plait.cli").__file__ or "").parent
    commands = {path.stem for path in folder.glob("*.py") if "@click.command" in path.read_text("utf-8")}
    assert commands == set(COMMANDS)
