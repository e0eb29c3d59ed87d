"""What holds for every Containerfile: pinned by whoever builds, any user, no shell where it runs."""

import configparser
import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from plait.images.plan import CONTAINERFILES
from tests.images.containerfile import Containerfile, read

ROOT = Path(__file__).parents[2]
RUNTIMES = sorted(ROOT.glob("runtimes/*/Containerfile"))
FUNCTIONS = sorted(CONTAINERFILES.glob("*.Containerfile"))
PYTHON = [ROOT / "runtimes" / name for name in ("handler", "wasmtime")]
PARAMETER = re.compile(r"\$\{([A-Z_]+)\}")


def identity(path: Path) -> str:
    """A short name for a test's parameter."""
    return path.parent.name if path.name == "Containerfile" else path.stem


every = pytest.mark.parametrize("path", RUNTIMES + FUNCTIONS, ids=identity)
runtimes = pytest.mark.parametrize("path", RUNTIMES, ids=identity)


def values(file: Containerfile, name: str) -> dict[str, str]:
    """Keys and values of the last stage's LABEL or ENV."""
    texts = " ".join(file.stages[-1].all(name))
    return {key: value.strip('"') for key, value in re.findall(r'([\w.]+)=("[^"]*"|\S+)', texts)}


def test_there_are_three_runtimes_and_four_kinds_of_function() -> None:
    """Otherwise the tests below would look at nothing."""
    assert [path.parent.name for path in RUNTIMES] == ["handler", "node", "wasmtime"]
    assert [path.stem for path in FUNCTIONS] == ["copy", "node", "python", "wasm"]


@every
def test_every_base_is_an_argument_without_default(path: Path) -> None:
    """So no tag is built into it, and nobody builds without having said on what."""
    file = read(path)
    names = {stage.name for stage in file.stages}
    bases = [stage.base for stage in file.stages if stage.base not in names]
    assert {PARAMETER.fullmatch(base)[1] for base in bases} <= set(file.arguments)  # type: ignore[index]


@every
def test_nothing_is_fetched_by_hand(path: Path) -> None:
    """No ADD, which takes URLs and unpacks archives; no URL but in a comment."""
    file = read(path)
    instructions = [each for stage in file.stages for each in stage.instructions]
    assert [each for each in instructions if each.name == "ADD" or "://" in each.text] == []


@every
def test_the_last_stage_needs_no_shell(path: Path) -> None:
    """What runs in it, at build time and later, is a list of words."""
    last = read(path).stages[-1]
    commands = last.all("RUN") + last.all("ENTRYPOINT") + last.all("CMD")
    assert all(isinstance(json.loads(command), list) for command in commands)


@every
def test_no_file_has_an_owner(path: Path) -> None:
    """OpenShift chooses the user: files are root's, and readable to all."""
    file = read(path)
    texts = [each.text for stage in file.stages for each in stage.instructions]
    assert [text for text in texts if "chown" in text] == []


@runtimes
def test_the_user_is_a_number_in_group_0(path: Path) -> None:
    """Kubernetes' runAsNonRoot cannot judge a name; OpenShift's users are in group 0."""
    user, group = read(path).stages[-1].all("USER")[-1].split(":")
    assert int(user) > 0
    assert group == "0"


@runtimes
def test_it_starts_with_the_folder_of_the_function(path: Path) -> None:
    """`packaging: configMap` mounts the code there, and a function's image has it there."""
    last = read(path).stages[-1]
    assert json.loads(last.all("CMD")[-1]) == ["/function"]
    assert len(last.all("ENTRYPOINT")) == 1


@pytest.mark.parametrize("path", [path for path in RUNTIMES if path.parent.name != "wasmtime"], ids=identity)
def test_it_listens_on_all_addresses_and_writes_nowhere(path: Path) -> None:
    """The contract of the runtimes; HOME is in the one folder that a pod can write to."""
    file = read(path)
    wanted = {"HOST": "0.0.0.0", "PORT": "8080", "HOME": "/tmp"}  # noqa: S104, S108
    assert values(file, "ENV").items() >= wanted.items()
    assert file.stages[-1].all("EXPOSE") == ["8080"]


@runtimes
def test_it_says_what_it_is(path: Path) -> None:
    """The labels of the OCI image specification; version, revision and source by argument."""
    file = read(path)
    labels = values(file, "LABEL")
    assert labels["org.opencontainers.image.title"] == f"plait-{path.parent.name}"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    for name in ("version", "revision", "source"):
        assert labels[f"org.opencontainers.image.{name}"] == f"${{{name.upper()}}}"
        assert name.upper() in file.declared


@runtimes
def test_what_it_copies_is_there(path: Path) -> None:
    """From the folder that docs/runtimes/images.md gives as context: its own."""
    copies = [text.split() for stage in read(path).stages for text in stage.all("COPY")]
    names = [name for words in copies if not words[0].startswith("--from") for name in words[:-1]]
    assert names
    assert [name for name in names if not (path.parent / name).exists()] == []


@pytest.mark.parametrize("folder", PYTHON, ids=lambda folder: folder.name)
def test_constraints_are_what_setup_cfg_allows(folder: Path) -> None:
    """Each requirement of the package is pinned, to a version that it takes."""
    setup = configparser.ConfigParser()
    setup.read(folder / "setup.cfg")
    lines = [
        line for line in (folder / "constraints.txt").read_text().splitlines() if not line.startswith("#")
    ]
    pinned = dict(line.split("==") for line in lines)
    wanted = [
        Requirement(line)
        for line in setup["options"]["install_requires"].splitlines()
        if line and not line.startswith("#")
    ]
    ours = {"plait-handler"}
    assert wanted
    for requirement in wanted:
        assert requirement.name in ours or requirement.specifier.contains(pinned[requirement.name])
