"""plait build as a pure function: from functions.yaml and a source folder to a command."""

import shlex
from pathlib import Path

import pytest

from plait import images
from plait.errors import PlaitError
from plait.images.plan import CONTAINERFILES
from plait.spec.image import Image
from tests.images import cases
from tests.images.cases import BUILDER, FILES, RUNTIME
from tests.images.containerfile import read
from tests.support.golden import Golden

HERE = Path(__file__).parent
KINDS = list(FILES)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a function of each kind; the current folder."""
    for kind in KINDS:
        cases.write(tmp_path, kind)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(command: list[str]) -> str:
    """One argument a line; where plait is installed differs from machine to machine."""
    return "\n".join(map(shlex.quote, command)).replace(str(CONTAINERFILES), "PLAIT/images") + "\n"


def test_the_commands(golden: Golden) -> None:
    """Each kind of function with buildah, one of them with the others too."""
    builds = {kind: cases.build(Path(), kind) for kind in KINDS}
    texts = {f"{kind}.txt": told(images.build_command(build, "buildah")) for kind, build in builds.items()}
    for tool in ("podman", "docker"):
        more = images.build_command(builds["wasm"], tool, "1700000000", ["--platform", "linux/arm64"])
        texts[f"wasm-{tool}.txt"] = told(more)
    golden.compare(texts, HERE / "golden")


@pytest.mark.parametrize("kind", KINDS)
def test_the_containerfile_takes_what_it_is_given(kind: str) -> None:
    """No argument is left over, and none without default is left out: tools only warn of the one."""
    build = cases.build(Path(), kind)
    file = read(build.containerfile)
    assert set(build.arguments) <= file.declared
    assert set(file.arguments) <= set(build.arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_again(kind: str) -> None:
    """No clock, no order of a folder: the same command each time."""
    commands = {tuple(images.build_command(cases.build(Path(), kind), "podman")) for _ in range(3)}
    assert len(commands) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_runtimes_own_labels_are_not_inherited(kind: str) -> None:
    """Its licence and its source code are not those of the user's function."""
    labels = cases.build(Path(), kind).labels
    for name in ("description", "licenses", "revision", "source"):
        assert labels[f"org.opencontainers.image.{name}"] == ""
    assert labels["org.opencontainers.image.title"] == kind


@pytest.mark.parametrize("kind", ["python-requirements", "node-dependencies"])
def test_packages_need_a_builder(kind: str) -> None:
    """The runtime's image has no pip and no npm; what is missing, and what to give, is said."""
    function = cases.function(kind)
    source = images.look(Path(), kind, function)
    with pytest.raises(PlaitError, match="no program to install") as error:
        images.plan(kind, function, Image.parse("a/b:1"), source, RUNTIME)
    assert error.value.exit_code == 2
    assert "--builder IMAGE" in (error.value.hint or "")
    assert images.plan(kind, function, Image.parse("a/b:1"), source, RUNTIME, BUILDER).arguments


def test_dependencies_need_a_lock_file(folder: Path) -> None:
    """Else each build would install something else."""
    (folder / "functions/node-dependencies/package-lock.json").unlink()
    with pytest.raises(PlaitError, match="nothing says in which versions"):
        cases.build(Path(), "node-dependencies")
    (folder / "functions/node-dependencies/npm-shrinkwrap.json").write_text("{}")
    assert cases.build(Path(), "node-dependencies").containerfile.stem == "node"


@pytest.mark.parametrize("text", ["{", "\ufeff{", "[" * 100_000])
def test_a_broken_package_json(folder: Path, text: str) -> None:
    """It is named."""
    (folder / "functions/node/package.json").write_text(text)
    with pytest.raises(PlaitError, match=r"functions/node/package\.json: is not JSON"):
        cases.build(Path(), "node")


@pytest.mark.parametrize("kind", ["python", "node", "wasm"])
def test_a_folder_without_what_starts(folder: Path, kind: str) -> None:
    """An image that cannot start is not built."""
    entry = next(iter(FILES[kind]))
    (folder / "functions" / kind / entry).unlink()
    with pytest.raises(PlaitError, match=f"holds no {entry}"):
        cases.build(Path(), kind)


def test_a_folder_that_a_tool_could_take_for_something_else(folder: Path) -> None:
    """An option, or a URL, stands for itself where a path begins with a dot or a slash."""
    build = cases.build(Path(), "python")
    assert images.build_command(build, "buildah")[-1] == "./functions/python"
    (folder / "sub").mkdir()
    cases.write(folder / "sub", "python")
    assert images.build_command(cases.build(folder / "sub", "python"), "buildah")[-1].startswith("/")


def test_docker_and_a_containerignore(folder: Path) -> None:
    """docker would send, and copy, what the file keeps out; the others read it."""
    (folder / "functions/python/.containerignore").write_text("secret\n")
    build = cases.build(Path(), "python")
    assert images.build_command(build, "podman")
    with pytest.raises(PlaitError, match="docker does not read it"):
        images.build_command(build, "docker")
    (folder / "functions/python/.dockerignore").write_text("secret\n")
    assert images.build_command(cases.build(Path(), "python"), "docker")


def test_what_a_developer_leaves_behind(folder: Path) -> None:
    """Said, unless a file says what is kept out."""
    source = folder / "functions/node"
    (source / "node_modules").mkdir()
    (source / ".git").mkdir()
    assert images.look(Path(), "node", cases.function("node")).stray == [".git", "node_modules"]
    (source / ".dockerignore").write_text("")
    assert images.look(Path(), "node", cases.function("node")).stray == []
