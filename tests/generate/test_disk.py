"""Files that plait must not follow or cannot write: a clear error, and every file old or new."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from tests.generate.conftest import shop
from tests.generate.repository import Repository

NOBODY = 65534
LINK = "is a symbolic link; plait neither follows nor replaces it\n  hint: put a real file or folder there\n"


def in_git(source: str = "functions/orders") -> dict[str, Any]:
    """functions.yaml with the code of orders in Git."""
    data = shop()
    function = {"runtime": "python", "packaging": "configMap", "source": source, "image": "h:1"}
    data["spec"]["functions"]["orders"] = function
    return data


@pytest.mark.parametrize(
    "path",
    [
        "base",
        "base/orders",
        "base/orders/deployment.yaml",
        "overlays",
        "overlays/dev",
        "overlays/dev/orders/kustomization.yaml",
        "overlays/live/orders/promoted",
    ],
)
def test_a_symbolic_link_in_the_tree_is_refused(repository: Repository, path: str) -> None:
    """Files behind it may be outside of the repository."""
    outside = repository.root.parent / "outside"
    (repository.root / path).rename(outside)
    (repository.root / path).symlink_to(outside)
    before = sorted(outside.rglob("*"))
    assert repository.refused("generate") == f"error: {path}: {LINK}"
    assert sorted(outside.rglob("*")) == before


@pytest.mark.parametrize(
    "path", ["functions", "functions/orders", "functions/orders/lib", "functions/orders/a.py"]
)
def test_a_symbolic_link_to_code_is_refused(repository: Repository, path: str) -> None:
    """The code would be another one on another machine."""
    repository.write("functions/orders/function.py", "def handle(event):\n    return None\n")
    repository.write("functions/orders/lib/a.py", "pass\n")
    repository.write("functions/orders/a.py", "pass\n")
    outside = repository.root.parent / "outside"
    (repository.root / path).rename(outside)
    (repository.root / path).symlink_to(outside)
    repository.spec(in_git())
    assert repository.refused("generate") == f"error: {path}: {LINK}"


def test_links_in_what_is_no_code_are_not_looked_at(repository: Repository) -> None:
    """node_modules is full of them."""
    repository.write("functions/orders/function.py", "def handle(event):\n    return None\n")
    for folder in (".venv", "node_modules", "__pycache__"):
        (repository.root / "functions/orders" / folder).symlink_to("/nowhere")
    repository.spec(in_git())
    repository.ok("generate")


@pytest.mark.parametrize("source", ["../outside", "/etc", "functions/../../outside", "C:/x", "a\\..\\..\\b"])
def test_a_source_outside_of_the_repository_is_refused(repository: Repository, source: str) -> None:
    """functions.yaml comes from Git, and a build machine has secrets beside it."""
    repository.spec(in_git(source))
    said = repository.refused("generate", code=2)
    assert f"{source!r} is not a path inside the folder of functions.yaml" in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\n\x7f\n", "function.py:2: kustomize cannot carry the character U+007F there"),
        ("a\u0085".encode(), "function.py:1: kustomize cannot carry the character U+0085 there"),
        ("\uffff".encode(), "function.py:1: kustomize cannot carry the character U+FFFF there"),
        (b"\ta\n", "function.py:1: kustomize cannot carry the character U+0009 there"),
        (
            b"x" * (1024 * 1024 - len("function.py") + 1),
            "is 1048577 bytes in a ConfigMap; 1048576 is the limit",
        ),
        (b"x" * (1024 * 1024 + 1), "holds more than 1048576 bytes"),
        (b"\xff" * 786432, "is 1048587 bytes in a ConfigMap; 1048576 is the limit"),
    ],
)
def test_code_that_a_configmap_cannot_hold_is_refused(
    repository: Repository, content: bytes, message: str
) -> None:
    """Found here and not by the cluster, or worse, by nobody (kustomize makes U+0085 a space)."""
    repository.write("functions/orders/function.py", content)
    repository.spec(in_git())
    assert message in repository.refused("generate")


@pytest.mark.parametrize("name", ["lib__a.py", "sp ace.py", "é.py", "a=b.py"])
def test_code_whose_names_a_configmap_cannot_hold_is_refused(repository: Repository, name: str) -> None:
    """Keys of a ConfigMap are few characters, and unique."""
    repository.write("functions/orders/function.py", "")
    repository.write("functions/orders/lib/a.py", "")
    repository.write(f"functions/orders/{name}", "")
    repository.spec(in_git())
    assert ("would both be the key" if "__" in name else "cannot be a key") in repository.refused("generate")


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere; so be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def open_to_all(folder: Path) -> None:
    """Let nobody into a folder of pytest's."""
    for parent in [folder, *folder.parents]:
        if parent == Path(gettempdir()):
            break
        parent.chmod(0o755)


def test_a_read_only_folder_is_an_error(repository: Repository) -> None:
    """It names the file; nothing is half written."""
    open_to_all(repository.root)
    repository.spec(shop(namespace="other"))
    (repository.root / "base").chmod(0o555)
    before = repository.files()
    with as_nobody():
        result = repository.plait("generate")
    (repository.root / "base").chmod(0o755)
    assert result.code == 1
    assert result.err == f"error: {repository.root}/base/namespace.yaml: Permission denied\n"
    assert repository.files() == before


def test_an_unreadable_file_is_an_error(repository: Repository) -> None:
    """It names the file and not its folder."""
    open_to_all(repository.root)
    path = repository.root / "base/orders/deployment.yaml"
    path.chmod(0)
    with as_nobody():
        result = repository.plait("generate")
    path.chmod(0o644)
    assert (result.code, result.err) == (1, f"error: {path}: Permission denied\n")


def old_or_new(repository: Repository, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Every file has its old or its new content."""
    for path, content in repository.files().items():
        assert content in (old.get(path), new.get(path)), path


@pytest.fixture
def changed(repository: Repository) -> tuple[Repository, dict[str, bytes], dict[str, bytes]]:
    """A repository with a change to be written, its files before and after."""
    old = repository.files()
    fresh = Repository(repository.root.parent / "fresh")
    for path, content in old.items():
        fresh.write(path, content)
    for target in (repository, fresh):
        target.spec(shop(broker={"name": "a" * 63}))
    fresh.ok("generate")
    return repository, old, fresh.files()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_full_disk_is_an_error(
    changed: tuple[Repository, dict[str, bytes], dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    after: int,
) -> None:
    """Wherever it happens, no file is torn, and the next run completes."""
    repository, old, new = changed
    opened, left = os.fdopen, [after]

    def failing(*args: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            os.close(args[0])
            raise OSError(code, os.strerror(code))
        return opened(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", failing)
        result = repository.plait("generate")
    assert result.code == 1
    assert result.err.endswith(f".yaml: {os.strerror(code)}\n")
    old_or_new(repository, old, new)
    repository.ok("generate")
    assert repository.files() == new


def test_a_file_size_limit_tears_no_file(
    changed: tuple[Repository, dict[str, bytes], dict[str, bytes]],
) -> None:
    """A real one: the kernel takes the first bytes of a write and refuses the rest, as on a full disk."""
    repository, old, new = changed
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, most))

    process = repository.process("generate", preexec_fn=limit, stderr=-1)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.decode().endswith(".yaml: File too large\n")
    old_or_new(repository, old, new)
    repository.ok("generate")
    assert repository.files() == new


def test_a_file_in_the_place_of_a_folder_is_an_error(repository: Repository) -> None:
    """And the other way round."""
    repository.write("overlays/new", "a file\n")
    data = shop()
    data["spec"]["environments"]["new"] = {}
    repository.spec(data)
    result = repository.plait("generate")
    assert result.code == 1
    assert "/overlays/new" in result.err
    (repository.root / "overlays/new").unlink()
    (repository.root / "overlays/new/kustomization.yaml").mkdir(parents=True)
    result = repository.plait("generate")
    assert (result.code, "Is a directory" in result.err) == (1, True)
    (repository.root / "overlays/new/kustomization.yaml").rmdir()
    repository.ok("generate")
