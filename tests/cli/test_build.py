"""plait build: what it prints, runs and refuses. The tool is a program that writes down its arguments."""

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.workspace import Workspace, process

DIGEST = f"sha256:{'b2' * 32}"
HANDLER = f"registry.example.com/plait/handler@{DIGEST}"
RUNTIMES = f"  runtimes: {{python: '{HANDLER}'}}\n"
RECORD = """\
#!/bin/sh
printf '%s\\n' "$0 $*" >>"$RECORD"
echo "the tool's own words"
exit "${CODE:-0}"
"""


class Tools:
    """Programs on PATH that record how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record = folder / "record"

    def install(self, *names: str) -> None:
        """Put programs there."""
        for name in names:
            (self.folder / name).write_text(RECORD)
            (self.folder / name).chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """What was run, a line each, without the folder."""
        return (
            self.record.read_text().replace(f"{self.folder}/", "").splitlines()
            if self.record.exists()
            else []
        )


@pytest.fixture
def tools(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """A PATH with buildah alone, and the shell's own."""
    folder = tmp_path_factory.mktemp("bin")
    found = Tools(folder)
    found.install("buildah")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("RECORD", str(found.record))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (folder / "sh").symlink_to("/bin/sh")
    return found


@pytest.fixture
def shop(shop: Workspace, tools: Tools) -> Workspace:
    """With a runtime's image for Python."""
    assert tools.folder.is_dir()
    shop.change("  namespace: shop\n", f"  namespace: shop\n{RUNTIMES}")
    return shop


def test_it_builds(shop: Workspace, tools: Tools) -> None:
    """The image's name alone is on stdout; the command on stderr is the one that ran; nothing is pushed."""
    result = shop.ok("build", "orders")
    assert result.out == "registry.example.com/shop/orders:1.0.0\n"
    (told,) = [line.removeprefix("$ ") for line in result.err.splitlines() if line.startswith("$ ")]
    assert tools.calls == [" ".join(shlex.split(told))]
    assert told.startswith("buildah build --file /")
    assert told.endswith(" ./functions/orders")
    assert f"--build-arg RUNTIME_IMAGE={HANDLER}" in told
    assert "--timestamp 0" in told


def test_the_command_that_is_printed_can_be_run(shop: Workspace) -> None:
    """--dry-run runs nothing, and its Containerfile is there to be used."""
    told = shlex.split(shop.ok("build", "orders", "--dry-run").out)
    assert told[0] == "buildah"
    assert Path(told[told.index("--file") + 1]).is_file()


def test_a_dry_run_runs_nothing(shop: Workspace, tools: Tools) -> None:
    """And with --with it needs no tool."""
    result = shop.ok("build", "orders", "--dry-run", "--with", "docker", "--push")
    build, push = result.out.splitlines()
    assert build.startswith("docker build ")
    assert push == "docker push registry.example.com/shop/orders:1.0.0"
    assert tools.calls == []


def test_push(shop: Workspace, tools: Tools) -> None:
    """After the build, by the same tool."""
    shop.ok("build", "orders", "--push")
    assert [call.split()[:2] for call in tools.calls] == [["buildah", "build"], ["buildah", "push"]]


def test_which_tool(shop: Workspace, tools: Tools) -> None:
    """The first of the three that is there, or the one that is asked for."""
    tools.install("docker", "podman")
    shop.ok("build", "orders")
    shop.ok("build", "orders", "--with", "docker")
    assert [call.split()[0] for call in tools.calls] == ["buildah", "docker"]


def test_tag_and_registry(shop: Workspace) -> None:
    """--tag changes the version, --env the registry, and together they change both."""
    shop.change("dev: {platform: minikube}", "dev: {platform: minikube, registry: localhost:5000}")
    assert shop.ok("build", "orders", "--tag", "2.0.0").out == "registry.example.com/shop/orders:2.0.0\n"
    assert shop.ok("build", "orders", "--env", "dev").out == "localhost:5000/shop/orders:1.0.0\n"
    assert shop.ok("build", "orders", "--env", "dev", "--tag", "v2").out == "localhost:5000/shop/orders:v2\n"
    assert shop.ok("build", "orders", "--env", "staging").out == "registry.example.com/shop/orders:1.0.0\n"


def test_json(shop: Workspace) -> None:
    """For a pipeline: the image, and what was run."""
    data = json.loads(shop.ok("build", "orders", "--format", "json", "--push").out)
    assert (data["image"], data["built"]) == ("registry.example.com/shop/orders:1.0.0", True)
    assert [command[:2] for command in data["commands"]] == [["buildah", "build"], ["buildah", "push"]]
    assert json.loads(shop.ok("build", "orders", "--format", "json", "--dry-run").out)["built"] is False


def test_options_of_the_tool(shop: Workspace, tools: Tools) -> None:
    """What follows -- goes on as it is, before the folder."""
    shop.ok("build", "orders", "--", "--platform", "linux/arm64", "--no-cache")
    assert tools.calls[0].endswith(" --platform linux/arm64 --no-cache ./functions/orders")


def test_a_failing_build(shop: Workspace, monkeypatch: pytest.MonkeyPatch, tools: Tools) -> None:
    """Exit 1, no name on stdout, no push; what the tool said stands above."""
    monkeypatch.setenv("CODE", "125")
    err = shop.refused("build", "orders", "--push")
    assert err.splitlines()[-2:] == ["error: buildah build ended with 125", "  hint: its own words are above"]
    assert len(tools.calls) == 1


def test_the_tools_own_words(shop: Workspace) -> None:
    """All go to standard error, so that `IMAGE=$(plait build orders)` works."""
    done = process("build", "orders", cwd=shop.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "registry.example.com/shop/orders:1.0.0\n"
    assert "the tool's own words\n" in done.stderr


def test_no_tool(shop: Workspace, tools: Tools) -> None:
    """What would do is named."""
    (tools.folder / "buildah").unlink()
    err = shop.refused("build", "orders")
    assert err.splitlines()[0] == "error: neither buildah, podman nor docker is on PATH"


def test_a_time_of_ones_own(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH, as other build tools read it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert "--timestamp 1700000000 " in shop.ok("build", "orders", "--dry-run").out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    err = shop.refused("build", "orders", code=2)
    assert err.startswith("error: SOURCE_DATE_EPOCH: yesterday is not a number of seconds\n")


@pytest.mark.parametrize("version", ["", ":1.0.0"])
def test_a_tag_that_moves(shop: Workspace, version: str) -> None:
    """A runtime by tag is built on, and said; one without is refused."""
    image = f"registry.example.com/plait/handler{version}"
    if version:
        told = shop.ok("build", "orders", "--from", image).err
        assert f"{image} is a tag, which may move" in told
    else:
        assert "has neither tag nor digest" in shop.refused("build", "orders", "--from", image, code=2)
    assert "may move" not in shop.ok("build", "orders").err


def test_no_digest_of_an_image_that_is_yet_to_be(shop: Workspace) -> None:
    """functions.yaml may name one; the build goes by the tag."""
    shop.change("shop/orders:1.0.0", f"shop/orders:1.0.0@{DIGEST}")
    assert shop.ok("build", "orders").out == "registry.example.com/shop/orders:1.0.0\n"
    shop.change(f"shop/orders:1.0.0@{DIGEST}", f"shop/orders@{DIGEST}")
    err = shop.refused("build", "orders", code=2)
    assert "has no tag\n  hint: --tag TAG" in err
    assert shop.ok("build", "orders", "--tag", "2").out == "registry.example.com/shop/orders:2\n"
