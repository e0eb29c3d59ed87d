"""Argo CD's objects: whole trees against golden/, fields against the real CRDs, and the choices of spec.gitops."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait.errors import PlaitError
from tests.gitops.trees import objects, shop, texts
from tests.support import schemas
from tests.support.ci_skips import in_ci
from tests.support.golden import Golden
from tests.support.spec_parts import GITOPS
from tests.support.specs import specs

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = 30 if in_ci() else 60
CASES: dict[str, dict[str, Any]] = {
    "argocd": {},
    "argocd-function": {
        "mode": "function",
        "path": "teams/shop",
        "project": {"name": "shop", "create": True},
        "sync": {"retry": 10, "options": ["PruneLast=true"]},
    },
    "flux": {"tool": "flux"},
    "flux-function": {"tool": "flux", "mode": "function", "path": "teams/shop", "credentials": "shop-git"},
}


@pytest.mark.parametrize("name", CASES)
def test_the_tree_is_the_golden_one(name: str, golden: Golden) -> None:
    """Every file below gitops/, byte for byte."""
    golden.compare(texts(shop(CASES[name])), GOLDEN / name)


@settings(
    deadline=None, max_examples=EXAMPLES, derandomize=in_ci(), suppress_health_check=[HealthCheck.too_slow]
)
@given(specs(packaging=["image"]), GITOPS)
def test_every_object_fits_its_schema(data: dict[str, Any], chosen: dict[str, Any]) -> None:
    """Of both tools, in every mode, with every option; the real CRDs hold it."""
    data["spec"]["gitops"] = chosen
    for path, item in objects(data).items():
        schemas.validate(item)
        assert path.startswith(f"gitops/{chosen['tool']}/")


def test_an_application_of_each_environment() -> None:
    """It syncs its own overlay into its own namespace, from where its Argo CD lives."""
    found = objects(shop())
    dev, live = found["gitops/argocd/dev.yaml"], found["gitops/argocd/live.yaml"]
    assert [item["metadata"]["namespace"] for item in (dev, live)] == ["argocd", "openshift-gitops"]
    assert [item["spec"]["source"]["path"] for item in (dev, live)] == ["overlays/dev", "overlays/live"]
    assert [item["spec"]["destination"]["namespace"] for item in (dev, live)] == ["shop", "shop-live"]


def test_the_applications_of_a_set_have_names_of_their_own() -> None:
    """That of _environment is not taken for the function called environment."""
    template = objects(shop({"mode": "function"}))["gitops/argocd/dev.yaml"]["spec"]["template"]
    conditional = (
        r'(.*)\{\{ if ne \.path\.basename "_environment" \}\}-\{\{ \.path\.basename \}\}\{\{ end \}\}'
    )
    match = re.fullmatch(conditional, template["metadata"]["name"])
    assert match
    assert match[1] == "shop-dev"


@pytest.mark.parametrize("tool", ["argocd", "flux"])
def test_two_units_of_one_name_are_refused(tool: str) -> None:
    """The function live of dev, and the environment dev-live."""
    functions = {"live": {"runtime": "container", "image": "a"}}
    data = shop(
        {"tool": tool, "mode": "function"}, functions=functions, environments={"dev": {}, "dev-live": {}}
    )
    with pytest.raises(PlaitError, match="two units of sync would be named shop-dev-live"):
        objects(data)


@pytest.mark.parametrize("name", ["argocd-cm", "project-argocd"])
def test_an_environment_cannot_have_the_name_of_another_file(name: str) -> None:
    """plait says which file it is."""
    data = shop({"project": {"name": "shop", "create": True}}, environments={name: {}})
    with pytest.raises(PlaitError, match=f"gitops/argocd/{name}.yaml"):
        objects(data)


def policy(**sync: Any) -> Any:
    """The sync policy that these settings give."""
    return objects(shop({"sync": sync}))["gitops/argocd/dev.yaml"]["spec"]["syncPolicy"]


def test_sync_settings() -> None:
    """Each does what its name says, and nothing else changes."""
    usual = policy()
    options = ["ServerSideApply=true", "SkipDryRunOnMissingResource=true"]
    assert usual == {"automated": {"prune": True, "selfHeal": True}, "syncOptions": options}
    assert policy(prune=False) == {**usual, "automated": {"prune": False, "selfHeal": True}}
    assert policy(selfHeal=False) == {**usual, "automated": {"prune": True, "selfHeal": False}}
    assert policy(automated=False) == {"syncOptions": options}
    assert policy(retry=-1) == {**usual, "retry": {"limit": -1}}
    changed = policy(options=["ServerSideApply=false", "PruneLast=true"])["syncOptions"]
    assert changed == ["ServerSideApply=false", options[1], "PruneLast=true"]


def test_the_server_side_difference_can_be_turned_off() -> None:
    """For an Argo CD before 3.1, or where dry runs are too much for the API server."""
    usual = objects(shop())["gitops/argocd/dev.yaml"]["metadata"]
    off = objects(shop({"sync": {"serverSideDiff": False}}))["gitops/argocd/dev.yaml"]["metadata"]
    assert usual["annotations"] == {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
    assert "annotations" not in off


def test_several_clusters() -> None:
    """An environment's own destination goes before that of all; a project allows each, and no more."""
    environments = {"dev": {}, "live": {"destination": {"name": "live"}, "namespace": "shop-live"}}
    chosen = {
        "destination": {"server": "https://dev.example.com"},
        "project": {"name": "shop", "create": True},
    }
    found = objects(shop(chosen, environments=environments))
    places = [
        {"server": "https://dev.example.com", "namespace": "shop"},
        {"name": "live", "namespace": "shop-live"},
    ]
    shown = [found[f"gitops/argocd/{name}.yaml"]["spec"]["destination"] for name in ("dev", "live")]
    assert shown == places
    project = found["gitops/argocd/project-argocd.yaml"]["spec"]
    assert sorted(map(str, project["destinations"])) == sorted(map(str, places))
    assert project["sourceRepos"] == [found["gitops/argocd/dev.yaml"]["spec"]["source"]["repoURL"]]


def test_a_project_may_write_no_namespace_that_is_not_ours() -> None:
    """Namespace is the one kind without a namespace that it may have, and only where plait writes one."""
    chosen = {"project": {"name": "shop", "create": True}, "mode": "function"}
    ours = objects(shop(chosen))
    theirs = objects(shop(chosen, namespace={"name": "shop", "create": False}))
    key = "gitops/argocd/project-argocd.yaml"
    assert ours[key]["spec"]["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    assert theirs[key]["spec"]["clusterResourceWhitelist"] == []
    options = [
        found["gitops/argocd/dev.yaml"]["spec"]["template"]["spec"]["syncPolicy"]["syncOptions"]
        for found in (ours, theirs)
    ]
    assert ["CreateNamespace=true" in listed for listed in options] == [True, False]


def test_openshift_alone_needs_no_argocd_cm() -> None:
    """The operator would take it back; its ArgoCD object holds the checks (docs/gitops-openshift.md)."""
    assert "gitops/argocd/argocd-cm.yaml" in objects(shop())
    data = shop(environments={"live": {"platform": "openshift"}})
    assert list(objects(data)) == ["gitops/argocd/live.yaml"]


@given(st.sampled_from(["argocd", "flux"]), st.sampled_from(["environment", "function"]))
@settings(deadline=None, max_examples=4)
def test_the_same_again(tool: str, mode: str) -> None:
    """Byte-identical."""
    data = shop({"tool": tool, "mode": mode})
    assert texts(data) == texts(data)
