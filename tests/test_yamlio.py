"""How plait reads YAML: 1.2, with the place of every value."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from plait import emit
from plait.yamlio import MAX_DEPTH, Node, YamlProblem, parse, parser, plain, read
from tests.support.data import DATA, TEXT

SCALARS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{word: word for word in ("yes", "Yes", "no", "on", "off", "y", "n", "nULL", "tRUE", "nan", "inf")},
    "0": 0,
    "-0": 0,
    "+1": 1,
    "-12": -12,
    "007": 7,
    "010": 10,
    "0o17": 15,
    "0xfF": 255,
    **{word: word for word in ("0O17", "0o8", "0b1", "0XFF", "-0x1", "1_000", "12:30", "1,000", "0xg", "+")},
    "1.10": 1.1,
    "1.": 1.0,
    ".5": 0.5,
    "-.5": -0.5,
    "1e3": 1000.0,
    "1E-3": 0.001,
    "+1.5e+3": 1500.0,
    ".inf": float("inf"),
    "-.Inf": float("-inf"),
    "+.INF": float("inf"),
    **{
        word: word
        for word in (".", "..", "1.2.3", "e3", "1e", ".e3", "-.nan", ".iNF", "2001-01-01", "12e03z")
    },
    "9" * 400: int("9" * 400),
    "9" * 401: "9" * 401,
}
SOURCE = """\
# a file as people write them
plain: text with spaces   # a comment
"double": "a \\"b\\" # c"
'single': 'it''s'
folded plain: one
  two

anchor: &name !!str x
alias: *name
empty:
"null": ~
literal: |
  one

  two

# between
folded: >-   # header comment
    a
    b
keep: |2+
    x

nothing: |
flow: {a: [1, "two", {b: c}], d: http://a:80/?b}
flow over lines: [
  1,   # one
  2
]
list:
- a
-
- - b
  - c: d
    e: f
  -   g
list indented:
  - h: &list
      - i
    j: *list
? explicit
: value
? no value
last: |
  end
"""


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the text; keys too."""
    yield node
    if isinstance(node.value, dict):
        for key, value in node.value.values():
            yield from (key, *nodes(value))
    elif isinstance(node.value, list):
        for item in node.value:
            yield from nodes(item)


def source(text: str, node: Node) -> str:
    """The part of a text from where a node starts to where it ends."""
    lines = text.split("\n")[node.line - 1 : node.end_line]
    lines[-1] = lines[-1][: node.end_column - 1]
    lines[0] = lines[0][node.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(("text", "value"), SCALARS.items(), ids=lambda value: ascii(value)[:20])
def test_scalars(text: str, value: Any) -> None:
    """The core schema of YAML 1.2; an absurdly long number stays a text."""
    assert repr(plain(f"- {text}\n")) == repr([[value]])
    assert plain(f'- "{text}"\n- ? {text}\n  : 1\n') == [[text, {text: 1}]]


def test_not_a_number() -> None:
    """It is not equal to itself."""
    assert repr(plain("[.nan, .NaN, .NAN]")) == "[[nan, nan, nan]]"


def test_positions() -> None:
    """A node's text is what stands between its start and its end."""
    (root,) = parse(SOURCE)
    found = [(source(SOURCE, node), node) for node in nodes(root)][1:]
    assert [text for text, _ in found] == [
        *("plain", "text with spaces", '"double"', '"a \\"b\\" # c"', "'single'", "'it''s'"),
        *("folded plain", "one\n  two", "anchor", "&name !!str x", "alias", "*name", "empty", ""),
        *('"null"', "~", "literal", "|\n  one\n\n  two", "folded"),
        *(">-   # header comment\n    a\n    b", "keep", "|2+\n    x", "nothing", "|", "flow"),
        *('{a: [1, "two", {b: c}], d: http://a:80/?b}', "a", '[1, "two", {b: c}]', "1", '"two"'),
        *("{b: c}", "b", "c", "d", "http://a:80/?b", "flow over lines", "[\n  1,   # one\n  2\n]"),
        *("1", "2", "list", "- a\n-\n- - b\n  - c: d\n    e: f\n  -   g", "a", ""),
        *("- b\n  - c: d\n    e: f\n  -   g", "b", "c: d\n    e: f", "c", "d", "e", "f", "g"),
        *("list indented", "- h: &list\n      - i\n    j: *list"),
        *("h: &list\n      - i\n    j: *list", "h", "&list\n      - i", "i", "j", "*list", "i"),
        *("explicit", "value", "no value", "", "last", "|\n  end"),
    ]
    assert [text for text, node in found if node.flow] == [
        '{a: [1, "two", {b: c}], d: http://a:80/?b}',
        '[1, "two", {b: c}]',
        "{b: c}",
        "[\n  1,   # one\n  2\n]",
        "*list",
    ]


@settings(deadline=None)
@given(DATA)
def test_a_nodes_text_is_the_node(data: Any) -> None:
    """So an editor may put another text between its start and its end."""
    text = emit.document(data)
    for node in nodes(parse(text)[0]):
        alone = " " * (node.column - 1) + source(text, node) + "\n"
        assert repr(plain(alone)) == repr([node.plain()])


@settings(deadline=None)
@given(st.lists(TEXT | st.sampled_from("[]{},:?-#&*!|>'\"%@ \n\t") | st.just("\n  ")).map("".join))
@example("{a: http://b:80/?c, d?e: f?, :g: ::h}")
@example("[a:b, \"c:d\", 'e?f', !!str g:h]\n")
@example("a: {b: c:d}\ne: |\n  f:g?h\ni: 'j:k' # l:m\n")
def test_ways_to_the_data_agree(text: str) -> None:
    """The quick way, the way with positions, and ruamel's reader where both take the text."""
    try:
        documents = parse(text)
    except YamlProblem:
        with pytest.raises(YamlProblem):
            plain(text)
        return
    assert repr(plain(text)) == repr([document.plain() for document in documents])


@settings(deadline=None)
@given(st.lists(st.from_regex(r"\A[ab]([ab:?/]{0,5}[ab/])?( [:?]?[ab]+)?\Z"), min_size=1))
def test_colons_and_question_marks_in_brackets(texts: list[str]) -> None:
    """YAML 1.2 allows them in plain texts, which the libyaml below plait does not know."""
    text = f"[{', '.join(texts)}]"
    assert plain(text) == [YAML(typ="safe", pure=True).load(text)] == [texts]


@pytest.fixture
def without_clib(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine for which ruamel.yaml.clib has no wheel."""
    monkeypatch.setattr(parser, "CParser", None)


@pytest.mark.usefixtures("without_clib")
def test_positions_without_clib() -> None:
    """ruamel's own parser gives the same places."""
    test_positions()


@pytest.mark.usefixtures("without_clib")
@pytest.mark.parametrize(
    "text", ["a: [", "a: *b", "- a\nb", "&a [*a]", "[" * 99, "a: 'b", "a: 1\na: 2", "\ta: b"]
)
def test_mistakes_without_clib(text: str) -> None:
    """They are told, in other words."""
    with pytest.raises(YamlProblem):
        plain(text)


def test_all_mistakes_that_do_not_hinder_reading_on() -> None:
    """`read` tells them with the data, so that plait can tell what is wrong with that besides."""
    documents, problems = read("a: !x 1\nb: 2\na: 3\n<<: {b: 4, c: 5}\n? [d]\n: 6\n")
    assert [document.plain() for document in documents] == [{"a": "1", "b": 2, "c": 5}]
    assert [(problem.line, problem.column, problem.message) for problem in problems] == [
        (1, 4, "the tag '!x' is not supported"),
        (3, 1, "duplicate key 'a': it stands in line 1 too"),
        (4, 1, "merge keys (<<) are not part of YAML 1.2"),
        (5, 3, "a key must be a text"),
    ]


def test_depth() -> None:
    """The limit is the same on both ways to the data."""
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert len(repr(plain(deepest))) == len(repr(parse(deepest)[0].plain())) + 2 == 2 * MAX_DEPTH + 2
    with pytest.raises(YamlProblem, match="nested deeper than 64 levels"):
        plain(f"[{deepest}]")
