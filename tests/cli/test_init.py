"""plait init: a first functions.yaml that loads, generates, checks and builds."""

import shlex
from pathlib import Path

import pytest

from plait.cli.init import PLATFORMS, RUNTIMES
from plait.scaffold import name_from
from plait.spec.load import load
from tests.cli.terminal import on_terminal
from tests.cli.workspace import Result, Workspace, process
from tests.support import kustomize

FLAGS = ["--name", "shop", "--namespace", "store", "--runtime", "node", "--platform", "openshift"]
CODE = {"python": "function.py", "node": "index.js", "wasm": "add.wat"}
FIRST = """\
# yaml-language-server: $schema=schemas/functions.v1.json
apiVersion: plait.dev/v1
kind: Functions
metadata:
  name: shop
spec:
  namespace: store
  functions:
    hello:
      runtime: node
      source: functions/hello
      image: registry.example.com/shop/hello:0.1.0
      subscribes:
      - type: com.example.hello.requested
  external:
  - type: com.example.hello.requested
  environments:
    minikube:
      platform: minikube
    production:
      platform: openshift
      promotesFrom: minikube
"""


def test_what_it_writes(empty: Workspace) -> None:
    """functions.yaml last, so that a run that is cut short can be repeated."""
    result = empty.ok("init", *FLAGS)
    assert result == Result(
        0,
        "",
        "wrote .gitattributes\nwrote .gitignore\nwrote schemas/functions.v1.json\nwrote functions/hello/index.js\n"
        "wrote functions.yaml\nnext: plait generate\n",
    )
    assert empty.read("functions.yaml") == FIRST


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_every_runtime_and_platform(empty: Workspace, runtime: str, platform: str) -> None:
    """The result generates, promotes, checks without an error, and builds with kustomize."""
    empty.ok("init", "--runtime", runtime, "--platform", platform)
    code = f"functions/hello/{CODE[runtime]}" if runtime in CODE else None
    assert [name for name in empty.files() if name.startswith("functions/")] == ([code] if code else [])
    empty.ok("generate")
    empty.ok("promote", "minikube", "production")
    assert ": error: " not in empty.ok("check").out
    build = kustomize.builder("kubectl")
    kinds = {item["kind"] for item in build(empty.path("overlays/production"))}
    assert {"Namespace", "Broker", *(["Deployment", "Trigger"] if code else [])} <= kinds


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("shop", "shop"),
        ("My Shop", "my-shop"),
        ("--shop--", "shop"),
        ("2024", "2024"),
        ("true", "true"),
        ("null", "null"),
        ("1e3", "1e3"),
        ("größe", "gr-e"),
        ("店", "functions"),
        ("a" * 100, "a" * 63),
        ("a" * 62 + "-b", "a" * 62),
    ],
)
def test_odd_folder_names(empty: Workspace, folder: str, name: str) -> None:
    """The folder's name, as far as it can be a name in Kubernetes; what it gives loads and generates."""
    assert name_from(folder) == name
    told = empty.ok("init", "--", folder).err
    assert told.endswith(f"\nnext: plait -C {shlex.quote(folder)} generate\n")
    spec = load(empty.path(f"{folder}/functions.yaml").read_bytes()).spec
    assert (spec.metadata.name, spec.spec.namespace.name) == (name, name)
    empty.ok("-C", folder, "generate")


def test_a_folder_whose_name_is_no_name(empty: Workspace) -> None:
    """What it became is said, unless a name was given."""
    told = "the application is called my-shop, after the folder My Shop: metadata.name says so\n"
    assert told in empty.ok("init", "My Shop").err
    assert "name: my-shop\n" in empty.read("My Shop/functions.yaml")
    assert "is called" not in empty.ok("init", "Our Shop", "--name", "our-shop").err
    assert "is called" not in empty.ok("init", "shop").err


@pytest.mark.parametrize("link", ["functions", "schemas", "functions/hello"])
def test_a_folder_that_is_a_link(
    empty: Workspace, tmp_path_factory: pytest.TempPathFactory, link: str
) -> None:
    """Nothing is written through it, and nothing beside it."""
    outside = tmp_path_factory.mktemp("outside")
    empty.path(link).parent.mkdir(exist_ok=True)
    empty.path(link).symlink_to(outside)
    told = empty.refused("init", *FLAGS)
    assert told.startswith(f"error: {link}: is a symbolic link; plait neither follows nor replaces it\n")
    assert list(outside.iterdir()) == []


def test_a_file_that_is_a_link_stays(empty: Workspace) -> None:
    """As any other that is there."""
    empty.write("shared", "mine\n")
    empty.path(".gitignore").symlink_to("shared")
    assert ".gitignore is there already and stays\n" in empty.ok("init", *FLAGS).err
    assert (empty.path(".gitignore").is_symlink(), empty.read("shared")) == (True, "mine\n")


def test_a_bad_name(empty: Workspace) -> None:
    """Exit code 2, nothing written."""
    told = empty.refused("init", "--name", "My Shop", code=2)
    assert told.startswith('error: name: "My Shop": ')
    told = empty.refused("init", "--namespace", "Shop", code=2)
    assert told.startswith("error: namespace: Shop: ")


@pytest.mark.parametrize("args", [[], FLAGS, ["."]])
def test_an_existing_functions_yaml(shop: Workspace, args: list[str]) -> None:
    """It is never overwritten, and nothing else is written."""
    assert shop.refused("init", *args) == (
        "error: functions.yaml: is there already; nothing was overwritten\n"
        "  hint: plait new adds a function\n"
    )


def test_existing_other_files_stay_and_are_named(empty: Workspace) -> None:
    """The rest is written."""
    empty.write(".gitattributes", "*.bin binary\n")
    empty.write("functions/hello/index.js", "mine\n")
    told = empty.ok("init", *FLAGS).err
    assert told == (
        ".gitattributes is there already and stays\nwrote .gitignore\nwrote schemas/functions.v1.json\n"
        "functions/hello/index.js is there already and stays\nwrote functions.yaml\nnext: plait generate\n"
    )
    assert empty.read(".gitattributes") == "*.bin binary\n"
    assert empty.read("functions/hello/index.js") == "mine\n"


def test_a_run_that_was_cut_short(empty: Workspace) -> None:
    """Without its functions.yaml, the next run completes it."""
    empty.ok("init", *FLAGS)
    before = empty.files()
    empty.path("functions.yaml").unlink()
    empty.ok("init", *FLAGS)
    assert empty.files() == before


def test_a_folder_of_its_own(empty: Workspace) -> None:
    """It is made, and named in what comes next; -C is where it is looked for."""
    empty.path("teams").mkdir()
    told = empty.ok("-C", "teams", "init", "a/b", *FLAGS).err
    assert told.splitlines()[-2:] == ["wrote teams/a/b/functions.yaml", "next: plait -C teams/a/b generate"]
    assert empty.read("teams/a/b/functions.yaml") == FIRST


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    """Defaults, as in a script."""
    done = process("init", "shop", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "runtime: python\n" in (tmp_path / "shop" / "functions.yaml").read_text(encoding="utf-8")


def test_questions_on_a_terminal(tmp_path: Path) -> None:
    """Enter takes what is in brackets; an answer that is none is asked again."""
    code, shown = on_terminal(
        ["init", "shop"], tmp_path, ["\n", "store\n", "ruby\n", "node\n", "openshift\n"]
    )
    assert code == 0
    asked = [line.partition(":")[0] for line in shown.splitlines() if "]: " in line]
    assert asked == [
        "Name of the application [shop]",
        "Namespace of the functions [shop]",
        "Runtime of the first function (python, node, wasm, none) [python]",
        "Runtime of the first function (python, node, wasm, none) [python]",
        "What production runs on (kubernetes, openshift) [kubernetes]",
    ]
    assert (tmp_path / "shop" / "functions.yaml").read_text(encoding="utf-8") == FIRST


def test_flags_are_not_asked_for(tmp_path: Path) -> None:
    """With all of them it asks nothing."""
    code, shown = on_terminal(["init", *FLAGS], tmp_path)
    assert (code, "[" in shown) == (0, False)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_stopped_at_a_question(tmp_path: Path, key: str) -> None:
    """Ctrl-C and Ctrl-D: nothing is written."""
    code, shown = on_terminal(["init"], tmp_path, [key])
    assert code == 130
    assert shown.splitlines()[-1] == "stopped"
    assert list(tmp_path.iterdir()) == []


ATTRIBUTES = {
    "base/kustomization.yaml": "set lf set",
    "base/orders/service.yaml": "set lf set",
    "gitops/argocd/production.yaml": "set lf set",
    "overlays/production/orders/plait-deployment.yaml": "set lf set",
    "overlays/production/orders/promoted/deployment.yaml": "set lf set",
    "overlays/production/orders/promoted/code/lib/util.py": "unset lf set",
    "overlays/production/orders/kustomization.yaml": "set lf unspecified",
    "overlays/production/my-patch.yaml": "set lf unspecified",
    "functions/orders/function.py": "unset unspecified unspecified",
    "functions.yaml": "unspecified unspecified unspecified",
}


@pytest.mark.parametrize("path", ATTRIBUTES)
def test_gitattributes_as_git_reads_them(empty: Workspace, path: str) -> None:
    """LF in everything that plait compares; folded in reviews where plait alone writes."""
    empty.ok("init", *FLAGS)
    empty.git("init", "--quiet")
    listed = empty.git("check-attr", "text", "eol", "linguist-generated", "--", path)
    assert " ".join(line.rpartition(": ")[2] for line in listed.splitlines()) == ATTRIBUTES[path]


def test_a_checkout_with_windows_line_ends(empty: Workspace) -> None:
    """git is told not to convert what plait wrote: a fresh clone checks clean."""
    empty.ok("init", *FLAGS)
    empty.ok("generate")
    empty.git("init", "--quiet")
    empty.commit("first")
    clone = ["clone", "--quiet", "--config", "core.autocrlf=true", ".", "clone"]
    empty.git(*clone)
    assert b"\r\n" in empty.path("clone/functions.yaml").read_bytes()
    assert b"\r\n" not in empty.path("clone/base/broker.yaml").read_bytes()
    assert empty.ok("-C", "clone", "check").code == 0
    assert empty.git("-C", "clone", "status", "--short") == ""
