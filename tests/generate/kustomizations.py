"""Random kustomizations of an overlay for Hypothesis: plait's entries and a user's, mixed, with comments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from plait.kustomization import Entries

BASE = "../../../base/orders"
RESOURCES = [BASE, "promoted"]
PATCHES: list[dict[str, Any]] = [
    {"path": "plait-deployment.yaml"},
    {"path": "plait-service.yaml", "target": {"kind": "Service", "name": "orders"}},
    {"path": "plait-trigger-a.yaml"},
]
IMAGES = [
    {"name": "orders", "newName": "registry.example.com/orders", "newTag": "1.10"},
    {"name": "orders", "newName": "demo/orders", "digest": "sha256:" + "0" * 64},
    {"name": "orders", "newName": "demo/orders", "newTag": "007", "digest": "sha256:" + "1" * 64},
    {"name": "orders", "newName": "demo/orders"},
]
GENERATORS: list[dict[str, Any]] = [
    {"name": "orders-code", "files": ["code/a.py"]},
    {"name": "orders-code", "files": ["code/a.py", "b__c=code/b/c"], "options": {"labels": {"a": "b"}}},
]
COMMENT = st.sampled_from(["# a", "#", "#- orders", "# - path: plait-x.yaml", "# name: orders", "# é: [x"])


@dataclass(frozen=True)
class Line:
    """One line of a file, and whether it is the user's."""

    text: str
    users: bool


@st.composite
def wanted(draw: st.DrawFn) -> Entries:
    """Entries that plait wants."""
    return Entries(
        folder="orders",
        namespace=draw(st.sampled_from(["shop", "1e3"])),
        resources=[draw(st.sampled_from(RESOURCES))],
        images=draw(st.lists(st.sampled_from(IMAGES), max_size=1)),
        generators=draw(st.lists(st.sampled_from(GENERATORS), max_size=1)),
        patches=draw(st.lists(st.sampled_from(PATCHES), max_size=3, unique_by=lambda patch: patch["path"])),
        follows=draw(st.booleans()),
    )


USERS = {
    "resources": ["- extra.yaml", '- "../more"  # why', "- 'promoted/x.yaml'"],
    "images": [
        "- name: sidecar\n  newTag: '1.0'",
        "- {name: other, newTag: x}",
        "- newTag: a # orders\n  name: orders-2",
    ],
    "configMapGenerator": ["- name: mine\n  # in it\n  literals: [a=b]", "- {name: orders, files: [x]}"],
    "patches": [
        "- path: mine.yaml",
        "- patch: |-\n    - op: add # text\n      path: /a\n  target: {kind: Service}",
        "- path: my-plait-x.yaml\n  target:\n    kind: Deployment",
    ],
}
PLAITS = {
    "resources": [f"- {BASE}", "- promoted", f'- "{BASE}" # x'],
    "images": [
        '- name: orders\n  newTag: \'1\' # {"$imagepolicy": "a:b:tag"}',
        "- newTag: \"2\"\n  name: 'orders' # follows functions.yaml",
        "- {name: orders, newTag: x}",
        "- name: orders\n  # inside\n  newName: demo/orders\n  digest: sha256:00",
    ],
    "configMapGenerator": ["- name: orders-code\n  # inside\n  files:\n  - code/a.py"],
    "patches": [
        "- path: plait-deployment.yaml # x",
        "- path: plait-gone.yaml",
        "- path: plait-service.yaml\n  target: {kind: Service, name: orders}",
        "- target:\n    kind: Trigger # y\n  path: plait-trigger-a.yaml",
    ],
}
OTHERS = [
    "namePrefix: team-",
    "labels:\n- pairs: {a: b}",
    "replicas:\n- name: orders\n  count: 2",
    "crds: []",
]


def _block(text: str, indent: str, *, users: bool) -> Iterator[Line]:
    for line in text.split("\n"):
        yield Line(indent + line, users or line.lstrip().startswith("#"))


@st.composite
def _entries(draw: st.DrawFn, key: str) -> list[Line]:
    indent = draw(st.sampled_from(["", "  "]))
    lines = [Line(draw(st.sampled_from([f"{key}:", f"{key}:  # {key}"])), users=False)]
    entries = [(text, True) for text in draw(st.lists(st.sampled_from(USERS[key]), max_size=2, unique=True))]
    entries += [
        (text, False) for text in draw(st.lists(st.sampled_from(PLAITS[key]), max_size=2, unique=True))
    ]
    for text, users in draw(st.permutations(entries)):
        if draw(st.booleans()):
            lines.append(Line(draw(st.sampled_from(["", indent, "      "])) + draw(COMMENT), users=True))
        lines += _block(text, indent, users=users)
        if draw(st.booleans()):
            lines.append(Line("", users=True))
    return lines


@st.composite
def files(draw: st.DrawFn) -> list[Line]:
    """The lines of a kustomization."""
    lines = [Line(text, users=True) for text in draw(st.sampled_from([[], ["---"], ["# head", "--- # x"]]))]
    head = ["apiVersion: kustomize.config.k8s.io/v1beta1", "kind: Kustomization"]
    lines += [Line(text, users=True) for text in head]
    blocks = [draw(_entries(key)) for key in draw(st.sets(st.sampled_from(sorted(USERS))))]
    blocks += [list(_block(text, "", users=True)) for text in draw(st.sets(st.sampled_from(OTHERS)))]
    blocks += draw(
        st.sampled_from(
            [[], [[Line("namespace: old # x", users=False)]], [[Line("namespace: shop", users=False)]]]
        )
    )
    for block in draw(st.permutations(blocks)):
        lines += block
        if draw(st.booleans()):
            lines.append(Line(draw(COMMENT), users=True))
    return lines


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Line]]:
    """A kustomization as text, with other line ends and without a last one too; and its lines."""
    lines = draw(files())
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(line.text for line in lines) + draw(st.sampled_from([end, ""])), lines
