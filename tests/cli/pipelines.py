"""The workflows that plait init --ci writes, run as their platforms run them, in a clone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from plait.yamlio import plain
from tests.cli.forge_api import Forge
from tests.cli.workspace import Workspace, environment

PATHS = {"github": ".github/workflows/plait.yml", "gitlab": ".gitlab-ci.yml"}


def bash(script: str, cwd: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """As GitHub runs `shell: bash`."""
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script],  # noqa: S607
        cwd=cwd,
        env=environment(**variables, PATH=path),
        capture_output=True,
        text=True,
        check=False,
    )


class GitHub:
    """The workflow, run in a clone as of a pull request."""

    def __init__(self, repository: Workspace, api: Forge) -> None:
        self.root = repository.root / "clone"
        repository.git("clone", "--quiet", "--depth", "2", f"file://{repository.root}", "clone")
        data = plain((self.root / PATHS["github"]).read_text())[0]
        self.steps = {step["name"]: step for step in data["jobs"]["plait"]["steps"] if "name" in step}
        self.variables = {
            **data["env"],
            "PLAIT": "click",  # is installed: nothing is fetched
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "shop/functions",
            "GITHUB_API_URL": api.url,
            "GITHUB_STEP_SUMMARY": str(repository.root / "summary"),
            "RUNNER_TEMP": str(repository.root),
            "GITHUB_TOKEN": "t0ken",
        }

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """One step."""
        return bash(self.steps[name]["run"], self.root, self.variables)

    def all(self) -> list[int]:
        """Every step; the exit codes."""
        return [self.run(name).returncode for name in self.steps]


class GitLab:
    """The job, run in a clone as of a merge request."""

    def __init__(self, repository: Workspace, api: Forge) -> None:
        self.root = repository.root / "clone"
        repository.git("clone", "--quiet", "--branch", "feature", f"file://{repository.root}", "clone")
        job = plain((self.root / PATHS["gitlab"]).read_text())[0]["plait"]
        self.script: Sequence[str] = job["script"]
        self.variables = {
            **job["variables"],
            "PLAIT": "click",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "main^1").strip(),
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "11",
            "CI_API_V4_URL": api.url,
            "PLAIT_TOKEN": "t0ken",
        }

    def run(self, name: str = "") -> subprocess.CompletedProcess[str]:  # noqa: ARG002 - one script has no names
        """The whole job."""
        return bash("\n".join(self.script), self.root, self.variables)

    def all(self) -> list[int]:
        """Its exit code."""
        return [self.run().returncode]
