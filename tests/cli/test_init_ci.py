"""plait init --ci: workflows that fit their schemas, and whose steps do what they say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from plait.ci.comment import MOST
from plait.yamlio import plain
from tests.cli.forge_api import Forge, forge
from tests.cli.pipelines import PATHS, GitHub, GitLab
from tests.cli.workspace import Workspace

SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}
MARK = "<!-- plait diff . -->\n## What plait changes\n\n"
every_kind = pytest.mark.parametrize("kind", PATHS)


@pytest.fixture
def repository(shop: Workspace) -> Workspace:
    """Two branches: main, and one that adds a function; merged as GitHub does for a pull request."""
    shop.ok("generate")
    shop.git("init", "--quiet")
    shop.ok("init", "--ci", "github")
    shop.ok("init", "--ci", "gitlab")
    shop.commit("One")
    shop.git("switch", "--quiet", "--create", "feature")
    shop.change(
        "      subscribes: [{type: com.example.order.paid}]",
        "      subscribes: [{type: com.example.order.placed}]",
    )
    shop.ok("generate")
    shop.commit("Two")
    shop.git("switch", "--quiet", "main")
    shop.git("merge", "--quiet", "--no-ff", "--message", "Merge", "feature")
    return shop


@pytest.fixture
def api() -> Iterator[Forge]:
    """A platform."""
    with forge() as running:
        yield running


@every_kind
def test_it_fits_the_schema_and_stays(shop: Workspace, kind: str) -> None:
    """Written beside a functions.yaml that is there; never again."""
    assert shop.ok("init", "--ci", kind).err == f"wrote {PATHS[kind]}\n"
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[kind], PATHS[kind]]
    done = subprocess.run(check, cwd=shop.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    before = shop.files()
    assert shop.ok("init", "--ci", kind).err == f"the workflow for {kind} is there already and stays\n"
    assert shop.files() == before


@every_kind
def test_with_a_first_functions_yaml(empty: Workspace, kind: str) -> None:
    """All at once."""
    told = empty.ok("init", "--name", "shop", "--runtime", "none", "--ci", kind).err
    assert told.endswith(f"wrote functions.yaml\nwrote {PATHS[kind]}\nnext: plait generate\n")


def test_a_gitlab_ci_yml_of_the_user(shop: Workspace) -> None:
    """It stays as it is; the job goes beside, and how to include it is said."""
    shop.write(".gitlab-ci.yml", "build: {script: [make]}\n")
    told = shop.ok("init", "--ci", "gitlab").err
    assert (
        told == "wrote .gitlab/plait.yml\nnext: in .gitlab-ci.yml, include: [{local: /.gitlab/plait.yml}]\n"
    )
    assert shop.read(".gitlab-ci.yml") == "build: {script: [make]}\n"
    assert "plait init" in shop.read(".gitlab/plait.yml")


@pytest.mark.parametrize(
    ("kind", "path"),
    [("github", ".github/workflows/plait-teams-a.yml"), ("gitlab", ".gitlab/plait-teams-a.yml")],
)
def test_a_folder_of_a_repository(empty: Workspace, kind: str, path: str) -> None:
    """The workflow is at the root, where the platform looks; it names the folder."""
    empty.git("init", "--quiet")
    told = empty.ok("init", "teams/a", "--runtime", "none", "--ci", kind).err
    assert f"wrote {path}\n" in told
    assert "FOLDER: teams/a\n" in empty.read(path)


RUNNERS = pytest.mark.parametrize("runner", [GitHub, GitLab])


@RUNNERS
def test_one_comment_that_is_kept_current(
    repository: Workspace, api: Forge, runner: type[GitHub | GitLab]
) -> None:
    """The first run writes it, after comments of others; a second changes nothing; a later one updates it."""
    for number in range(150):
        api.add(f"comment {number}")
    job = runner(repository, api)
    assert set(job.all()) == {0}
    (number,) = [number for number, body in api.comments.items() if body.startswith(MARK)]
    assert "- com.example.order.paid no longer reaches invoice\n" in api.comments[number]
    assert "### dev\n" in api.comments[number]
    calls = len(api.calls)
    assert set(job.all()) == {0}
    assert [call.partition(" ")[0] for call in api.calls[calls:]] == ["GET", "GET"]
    api.comments[number] = f"{MARK}what was before"
    assert set(job.all()) == {0}
    assert "no longer reaches invoice" in api.comments[number]
    assert len(api.comments) == 151


@RUNNERS
def test_somebody_else_s_comment(repository: Workspace, api: Forge, runner: type[GitHub | GitLab]) -> None:
    """One that begins alike and may not be changed is left alone."""
    api.add(f"{MARK}mine", foreign=True)
    assert set(runner(repository, api).all()) == {0}
    assert list(api.comments)[1:] == [2]
    assert api.comments[1] == f"{MARK}mine"


@RUNNERS
def test_a_tree_that_is_not_current(repository: Workspace, api: Forge, runner: type[GitHub | GitLab]) -> None:
    """The check fails, and the comment is written all the same."""
    job = runner(repository, api)
    (job.root / "base/broker.yaml").unlink()
    done = job.run("check")
    assert done.returncode == 1
    assert "base/broker.yaml" in done.stdout
    assert 1 in job.all()
    assert len(api.comments) == 1


@RUNNERS
def test_what_a_cluster_cannot_change(
    repository: Workspace, api: Forge, runner: type[GitHub | GitLab]
) -> None:
    """Immutable fields are held against the target branch."""
    job = runner(repository, api)
    job.root.joinpath("functions.yaml").write_text(
        repository.read("functions.yaml").replace(
            "  namespace: shop\n", "  namespace: shop\n  broker: {name: other}\n"
        )
    )
    Workspace(job.root, None).git("add", "--all")  # type: ignore[arg-type]
    done = job.run("check")
    assert done.returncode == 1
    assert "spec.broker is immutable" in done.stdout


def test_annotations_and_summary(repository: Workspace, api: Forge) -> None:
    """What GitHub shows beside the lines, and on the job's page."""
    job = GitHub(repository, api)
    (job.root / "base/broker.yaml").unlink()
    assert "::error file=base/broker.yaml," in job.run("check").stdout
    assert job.run("diff").returncode == 0
    assert "### dev\n" in repository.read("summary")


def test_a_push(repository: Workspace, api: Forge) -> None:
    """It is checked, against itself."""
    job = GitHub(repository, api)
    job.variables["GITHUB_EVENT_NAME"] = "push"
    assert job.run("check").returncode == 0
    lab = GitLab.__new__(GitLab)
    lab.root, lab.script = job.root, plain((job.root / PATHS["gitlab"]).read_text())[0]["plait"]["script"]
    lab.variables = {"PLAIT": "click", "FOLDER": "."}
    assert lab.run().returncode == 0
    assert api.calls == []


def test_without_a_token(repository: Workspace, api: Forge) -> None:
    """GitLab: the job goes on and says what is missing. GitHub always has one."""
    job = GitLab(repository, api)
    job.variables["PLAIT_TOKEN"] = ""
    done = job.run()
    assert (done.returncode, api.calls) == (0, [])
    assert "no PLAIT_TOKEN, so no comment; plait.md has the text\n" in done.stderr
    assert "### dev\n" in (job.root / "plait.md").read_text()


@RUNNERS
def test_a_token_that_may_not(repository: Workspace, api: Forge, runner: type[GitHub | GitLab]) -> None:
    """The platform's answer is told, and the token is not."""
    job = runner(repository, api)
    job.run("diff")
    job.variables |= {"GITHUB_TOKEN": "wr0ng", "PLAIT_TOKEN": "wr0ng"}
    done = job.run("comment")
    assert done.returncode == 1
    assert "answers 401: " in done.stderr
    assert "may the token write comments?" in done.stderr
    assert "wr0ng" not in done.stdout + done.stderr


def test_nobody_answers(repository: Workspace, api: Forge) -> None:
    """It is said, without a traceback; so is a variable that is missing."""
    job = GitHub(repository, api)
    job.run("diff")
    job.variables["GITHUB_API_URL"] = "http://127.0.0.1:9"
    done = job.run("comment")
    assert (done.returncode, "no answer that can be used" in done.stderr) == (1, True)
    job.variables["GITHUB_API_URL"] = ""
    assert job.run("comment").stderr.startswith("error: GITHUB_API_URL: is not set\n")
    job.variables["GITHUB_REF"] = "refs/heads/main"
    assert job.run("comment").stderr.startswith("error: GITHUB_REF: not a pull request\n")


def test_a_long_text_is_cut(repository: Workspace, api: Forge) -> None:
    """At a line, with what was open closed: GitHub refuses more than 65,536 characters."""
    job = GitHub(repository, api)
    repository.write("plait.md", "<details>\n" + "- added é\n" * MOST)
    assert job.run("comment").returncode == 0
    assert len(api.comments[1]) < 65_536
    assert api.comments[1].endswith("- added é\n</details>\n\n_Cut here: the job has the whole._\n")
