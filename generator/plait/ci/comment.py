"""One comment on a pull or merge request, written once and kept current.

It is known by its first line, which Markdown does not show. Sources: GitHub's REST API, "Issue comments";
GitLab's REST API, "Notes".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from plait.errors import PlaitError

MOST = 60_000  # characters; GitHub takes 65,536
_PAGE = 100
_TIMEOUT = 30  # seconds
_GONE = (403, 404)  # somebody else's comment that begins alike, or one that was deleted meanwhile


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one request.

    Attributes:
        url: of the list, which is also where a new one goes.
        one: of a single one, with {} for its id.
        headers: with the token.
        update: the method that changes one.
    """

    url: str
    one: str
    headers: Mapping[str, str]
    update: str


def github(environ: Mapping[str, str]) -> Thread:
    """By the variables of a GitHub workflow. Raises PlaitError where one is missing."""
    number = re.fullmatch(r"refs/pull/([0-9]+)/merge", _needed(environ, "GITHUB_REF"))
    if number is None:
        raise PlaitError("not a pull request", where="GITHUB_REF", hint="it runs on: pull_request")
    root = f"{_needed(environ, 'GITHUB_API_URL')}/repos/{_needed(environ, 'GITHUB_REPOSITORY')}/issues"
    headers = {
        "Authorization": f"Bearer {_needed(environ, 'GITHUB_TOKEN')}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return Thread(f"{root}/{number[1]}/comments", f"{root}/comments/{{}}", headers, "PATCH")


def gitlab(environ: Mapping[str, str]) -> Thread | None:
    """By the variables of a GitLab job; None without a token. Raises PlaitError where another is missing."""
    if not environ.get("PLAIT_TOKEN"):
        return None
    project = _needed(environ, "CI_MERGE_REQUEST_PROJECT_ID")
    request = _needed(environ, "CI_MERGE_REQUEST_IID")
    url = f"{_needed(environ, 'CI_API_V4_URL')}/projects/{project}/merge_requests/{request}/notes"
    return Thread(url, f"{url}/{{}}", {"PRIVATE-TOKEN": environ["PLAIT_TOKEN"]}, "PUT")


def _needed(environ: Mapping[str, str], name: str) -> str:
    if not environ.get(name):
        raise PlaitError("is not set", where=name, hint="this runs in the workflow of plait init --ci")
    return environ[name]


def keep(thread: Thread, text: str, about: str) -> str:
    """Write the comment, or bring it up to date; what was done: created, updated, unchanged.

    Args:
        thread: where.
        text: in Markdown.
        about: tells the comments of several functions.yaml apart.

    Raises:
        PlaitError: the platform refuses it, or does not answer.
    """
    mark = f"<!-- plait diff {re.sub(r'-{2,}|[<>]', '-', about)} -->"
    body = f"{mark}\n## What plait changes{'' if about == '.' else f' in {about}'}\n\n{_cut(text)}\n"
    for comment in _comments(thread):
        if not str(comment.get("body", "")).startswith(mark):
            continue
        if str(comment["body"]).replace("\r\n", "\n").strip() == body.strip():
            return "unchanged"
        try:
            _ask(thread, thread.update, thread.one.format(comment["id"]), {"body": body})
        except _RefusedError as error:
            if error.status not in _GONE:
                raise
        else:
            return "updated"
    _ask(thread, "POST", thread.url, {"body": body})
    return "created"


def _cut(text: str) -> str:
    if len(text) <= MOST:
        return text.strip()
    kept = text[:MOST].rpartition("\n")[0]
    open_details = kept.count("<details>") - kept.count("</details>")
    return f"{kept}\n{'</details>' * open_details}\n\n_Cut here: the job has the whole._"


def _comments(thread: Thread) -> Iterator[Mapping[str, Any]]:
    page = 1
    while True:
        found = _ask(thread, "GET", f"{thread.url}?per_page={_PAGE}&page={page}")
        yield from found
        if len(found) < _PAGE:
            return
        page += 1


class _RefusedError(PlaitError):
    def __init__(self, status: int, url: str, told: str) -> None:
        super().__init__(f"answers {status}: {told}", where=url, hint="may the token write comments?")
        self.status = status


def _ask(thread: Thread, method: str, url: str, content: Mapping[str, Any] | None = None) -> Any:
    if not url.startswith(("https://", "http://")):
        raise PlaitError("not an http or https URL", where=url)
    data = None if content is None else json.dumps(content).encode()
    headers = {**thread.headers, **({"Content-Type": "application/json"} if data else {})}
    request = Request(url, data, headers, method=method)  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            return json.loads(answer.read())
    except HTTPError as error:
        raise _RefusedError(error.code, url, error.read(500).decode(errors="replace").strip()) from None
    except (URLError, TimeoutError, ValueError) as error:
        raise PlaitError(f"no answer that can be used: {error}", where=url) from None
