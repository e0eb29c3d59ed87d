"""spec.gitops: what syncs the repository, and how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from plait.spec.base import Model
from plait.spec.form import Form, checker
from plait.spec.names import Label, NonEmpty, RelativePath, Subdomain, Url
from plait.spec.positions import Location, Mistake

_OPTION = r"^[A-Z][A-Za-z]*=[A-Za-z]+$"
SyncOption = Annotated[str, Form(checker(_OPTION, "a sync option", "as PruneLast=true"), _OPTION, 253)]
_OF_ARGOCD = ("automated", "selfHeal", "retry", "serverSideDiff", "options")
_FLUX_URLS = ("http://", "https://", "ssh://")


class Destination(Model):
    """The cluster that Argo CD deploys to."""

    name: NonEmpty | None = Field(None, examples=["in-cluster"])
    """Its name in Argo CD."""
    server: Url | None = Field(None, examples=["https://kubernetes.default.svc"])
    """Its API server's URL."""


class Project(Model):
    """Argo CD's project; the short form is its name alone."""

    name: Subdomain = Field(examples=["shop"])
    """Its name."""
    create: bool = Field(default=False, examples=[True])
    """Whether plait writes the AppProject: this repository, the environments' namespaces, no other kind
    without a namespace than Namespace."""


def _name_to_project(value: Any) -> Any:
    return value if isinstance(value, dict) else {"name": value}


ProjectValue = Annotated[Project, BeforeValidator(_name_to_project, json_schema_input_type=str | Project)]


class Sync(Model):
    """When and how changes reach the cluster. Flux knows `prune` alone; the rest is its own nature."""

    prune: bool = Field(default=True, examples=[False])
    """Whether objects that went from the repository are removed."""
    automated: bool = Field(default=True, examples=[False])
    """Argo CD: whether it syncs by itself; without, somebody presses Sync."""
    selfHeal: bool = Field(default=True, examples=[False])
    """Argo CD, automated: whether a change made in the cluster is undone."""
    retry: int | None = Field(None, ge=-1, le=1000, examples=[10])
    """Argo CD: how often a failed sync is tried again; -1 without end. Left out: five times if automated."""
    serverSideDiff: bool = Field(default=True, examples=[False])
    """Argo CD: whether the API server says what differs, so that what it fills in is no difference."""
    options: list[SyncOption] = Field(default_factory=list, examples=[["ApplyOutOfSyncOnly=true"]])
    """Argo CD: more sync options, as NAME=VALUE; these also change those that plait sets."""


class GitOps(Model):
    """How the repository is synced; plait then writes gitops/argocd/ or gitops/flux/."""

    tool: Literal["argocd", "flux"] = Field(examples=["argocd"])
    """What syncs it."""
    repoURL: NonEmpty = Field(examples=["https://git.example.com/shop/functions.git"])
    """The Git repository's URL."""
    revision: NonEmpty = Field("main", examples=["main"])
    """The branch that is synced, or a whole reference as refs/tags/v1."""
    path: RelativePath = Field(".", examples=["shop"])
    """The folder of functions.yaml in that repository."""
    credentials: Subdomain | None = Field(None, examples=["shop-git"])
    """Flux: the Secret beside its own objects that opens the repository; Argo CD finds one by the URL."""
    project: ProjectValue = Field(
        default_factory=lambda: Project(name="default"), examples=["shop", {"name": "shop", "create": True}]
    )
    """Argo CD's project: its name, or {name, create}."""
    destination: Destination = Field(default_factory=Destination, examples=[{"name": "in-cluster"}])
    """Argo CD's destination; left out: the cluster that Argo CD runs in."""
    namespace: Label | None = Field(None, examples=["argocd"])
    """Where the tool's own objects live; left out: the tool's usual namespace."""
    mode: Literal["environment", "function"] = Field("environment", examples=["environment"])
    """One unit of sync an environment, or one a function (for large environments)."""
    sync: Sync = Field(default_factory=Sync, examples=[{"selfHeal": False}])
    """When and how changes reach the cluster."""


def destination(at: Location, chosen: Destination | None) -> Iterator[Mistake]:
    """A cluster told twice."""
    if chosen and chosen.name and chosen.server:
        yield at, "Argo CD takes name or server, not both", "delete one"


def broken(at: Location, settings: GitOps) -> Iterator[Mistake]:
    """Every rule that spec.gitops breaks."""
    yield from destination((*at, "destination"), settings.destination)
    yield from _flux(at, settings) if settings.tool == "flux" else _argocd(at, settings)


def _argocd(at: Location, settings: GitOps) -> Iterator[Mistake]:
    if settings.credentials:
        hint = "delete this; a Secret with the label argocd.argoproj.io/secret-type: repository names the URL"
        yield (*at, "credentials"), "Argo CD finds the credentials of a repository by its URL", hint
    if settings.project.create and settings.project.name == "default":
        message = "the project default is everybody's: it would be narrowed for all of Argo CD"
        yield (*at, "project"), message, "choose another name"
    seen: set[str] = set()
    for index, option in enumerate(settings.sync.options):
        name = option.partition("=")[0]
        if name in seen:
            yield (*at, "sync", "options", index), f"a second {name}", "delete one"
        seen.add(name)


def _flux(at: Location, settings: GitOps) -> Iterator[Mistake]:
    if not settings.repoURL.startswith(_FLUX_URLS):
        hint = "git@git.example.com:shop/functions.git is ssh://git@git.example.com/shop/functions.git there"
        yield (*at, "repoURL"), "Flux takes URLs that start with https://, http:// or ssh://", hint
    for field in _OF_ARGOCD:
        if field in settings.sync.model_fields_set:
            yield (*at, "sync", field), "Flux has no such setting", "delete it, or set tool: argocd"
