"""Properties of filters and of CESQL that hold for every event."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plait.filters import FilterError, always_matches, compile_trigger, never_matches
from plait.filters.cesql import Dialect, ParseError, parse
from plait.filters.cesql.printer import text as printed
from plait.filters.constant import possible
from plait.filters.expression import Cesql
from plait.filters.nodes import Outcome

NAMES = st.sampled_from(["type", "source", "subject", "time", "color", "n", "dataschema", "data"])
VALUES = st.sampled_from(["a", "ab", "b", "5", "true", "2026-02-03T06:05:06+02:00", "é%"])
EVENTS = st.dictionaries(NAMES.filter(lambda name: name != "data"), VALUES | st.just(""), max_size=5)
EXPRESSIONS = st.sampled_from(
    [
        "type = 'a'",
        "EXISTS color",
        "color LIKE 'a%'",
        "n + 1 = 6",
        "LENGTH(type)",
        "TRUE",
        "FALSE AND n",
        "type LIKE '%' AND NOT EXISTS id",
        "type = 'a' AND type = 'b' OR EXISTS n",
        "nosuch(n)",
    ]
)
REQUIRED = {"id": "1", "source": "/s", "specversion": "1.0", "type": "t"}
WHOLE = EVENTS.map(lambda event: REQUIRED | {name: value for name, value in event.items() if value})
"""Events as a Broker takes them: what CloudEvents requires is there, and not empty."""


def _nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(children, min_size=1, max_size=3)
    return (
        st.fixed_dictionaries({"all": lists})
        | st.fixed_dictionaries({"any": lists})
        | _under("not", children)
    )


def _under(dialect: str, content: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({dialect: content})


COMPARISONS = st.one_of(
    *(
        _under(dialect, st.dictionaries(NAMES, VALUES, min_size=1, max_size=2))
        for dialect in ("exact", "prefix", "suffix")
    )
)
SAYING = st.recursive(COMPARISONS, _nested, max_leaves=6)
"""Filters in which every element has a say."""
ANY_FILTER = st.recursive(
    COMPARISONS | _under("cesql", EXPRESSIONS) | st.sampled_from([{}, {"exact": {"type": ""}}, {"not": {}}]),
    _nested,
    max_leaves=8,
)


def matches(element: dict[str, Any], event: dict[str, str]) -> bool:
    """Whether a Trigger with this one element gets the event."""
    return compile_trigger({"filters": [element]}).verdict(event).matches


@given(ANY_FILTER, EVENTS)
def test_not_not(element: dict[str, Any], event: dict[str, str]) -> None:
    """not of not is the filter itself, whatever has a say in it."""
    assert matches({"not": {"not": element}}, event) is matches(element, event)


@given(st.lists(SAYING, min_size=1, max_size=4), EVENTS)
def test_all_and_any_are_dual(elements: list[dict[str, Any]], event: dict[str, str]) -> None:
    """not all is any not, and not any is all not."""
    negated = [{"not": element} for element in elements]
    assert matches({"not": {"all": elements}}, event) is matches({"any": negated}, event)
    assert matches({"not": {"any": elements}}, event) is matches({"all": negated}, event)


@given(
    st.lists(SAYING, min_size=1, max_size=4).flatmap(
        lambda items: st.tuples(st.just(items), st.permutations(items))
    ),
    EVENTS,
)
def test_order_does_not_matter(
    orders: tuple[list[dict[str, Any]], list[dict[str, Any]]], event: dict[str, str]
) -> None:
    """all and any give the same in any order, and a list of filters is an all."""
    for dialect in ("all", "any"):
        assert matches({dialect: orders[0]}, event) is matches({dialect: orders[1]}, event)
    listed = compile_trigger({"filters": orders[1]}).verdict(event).matches
    assert listed is matches({"all": orders[0]}, event)


@given(ANY_FILTER, EVENTS)
def test_a_verdict_explains_itself(element: dict[str, Any], event: dict[str, str]) -> None:
    """Whatever does not match says why and where; only what breaks Knative's filter is called broken."""
    node = compile_trigger({"filters": [element]}).node
    verdict = compile_trigger({"filters": [element]}).verdict(event)
    assert node is not None
    assert bool(verdict.reason) is not verdict.matches
    assert verdict.path.startswith("filters[0]") is not verdict.matches
    assert verdict.broken is (node.outcome(event) is Outcome.BROKEN)
    assert (node.blame if not verdict.matches else node.grounds)(event).text


@settings(max_examples=300)
@given(st.lists(ANY_FILTER, min_size=1, max_size=3), WHOLE)
@example([{"exact": {"type": "a"}}, {"prefix": {"type": "b"}}], {"type": "a"})
@example([{"any": [{"prefix": {"color": "a"}}, {"not": {"exact": {"color": "ab"}}}]}], {"color": "b"})
def test_what_is_proved_holds(elements: list[dict[str, Any]], event: dict[str, str]) -> None:
    """No event gets through a filter that never matches, and every event through one that always does."""
    spec = {"filters": elements}
    verdict = compile_trigger(spec).verdict(event)
    if never_matches(spec):
        assert not verdict.matches
    if always_matches(spec):
        assert verdict.matches


ATOMS = st.sampled_from(
    [
        "type",
        "n",
        "missing",
        "5",
        "-1",
        "TRUE",
        "'a'",
        '"it\'s"',
        r"'a\'\"b'",
        "EXISTS n",
        "'%_'",
        "''",
        "'a\\\\'",
    ]
)


def _joined(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(["AND", "or", "XOR", "=", "!=", "<>", "<", ">=", "+", "-", "*", "/", "%"])
    return st.one_of(
        st.tuples(children, operator, children).map(" ".join),
        children.map(lambda text: f"({text})"),
        st.tuples(st.sampled_from(["NOT ", "- ", "not - "]), children).map("".join),
        st.tuples(children, st.sampled_from([" LIKE '%a_'", " NOT LIKE 'a'", " IN (1, type)"])).map("".join),
        st.tuples(st.sampled_from(["UPPER", "SUBSTRING", "my_own"]), children).map(
            lambda pair: f"{pair[0]}({pair[1]})"
        ),
        st.tuples(children, children, children).map(lambda parts: f"SUBSTRING({', '.join(parts)})"),
    )


SQL = st.recursive(ATOMS, _joined, max_leaves=8)
DIALECTS = st.sampled_from(Dialect)


@given(SQL, DIALECTS)
def test_a_printed_expression_is_the_same(text: str, dialect: Dialect) -> None:
    """What is printed parses to equal nodes, and prints the same."""
    root = parse(text, dialect).root
    again = parse(printed(root), dialect).root
    assert again == root
    assert printed(again) == printed(root)


@given(SQL, DIALECTS, EVENTS)
def test_evaluation_raises_nothing(text: str, dialect: Dialect, event: dict[str, str]) -> None:
    """Every expression has a value for every event, of one of the three types."""
    result = parse(text, dialect).evaluate(event)
    assert type(result.value) in (str, int, bool)


@settings(max_examples=300)
@given(SQL, WHOLE, st.sets(st.sampled_from(["type", "source"])))
@example("type = 'b' OR n = 1", REQUIRED, {"type"})
@example("EXISTS n AND type LIKE '%' XOR type <> ''", REQUIRED, set())
def test_what_is_proved_of_an_expression_holds(text: str, event: dict[str, str], known: set[str]) -> None:
    """What it gives is one of the outcomes that were thought possible, whatever is known of the event."""
    node = Cesql(text, "cesql")
    outcomes, _ = possible(node, {name: event[name] for name in known})
    assert node.outcome(event) in outcomes


SOUP = st.lists(
    st.sampled_from(
        [
            *"()'\",=<>!+-*/%\\_ \n#;é\u0131\ud800",
            "AND",
            "NOT",
            "LIKE",
            "IN",
            "EXISTS",
            "type",
            "12",
            "'a'",
            "LENGTH(",
        ]
    )
).map("".join)


@given(
    SOUP | st.text(max_size=40) | SQL,
    DIALECTS,
    st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.integers()),
)
def test_no_text_breaks_the_parser(text: str, dialect: Dialect, event: dict[str, Any]) -> None:
    """Any text is an expression, whose evaluation raises nothing, or a ParseError that can be shown."""
    try:
        parse(text, dialect).evaluate(event)
    except ParseError as caught:
        error = caught
    else:
        return
    assert str(error).replace("\n", "").isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["exact", "any", "not", "cesql", "x", "a-b", "\x1b", "type"]),
            children,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["filter", "filters", "broker"]), JSON), EVENTS)
def test_no_spec_breaks_the_compiler(spec: dict[str, Any], event: dict[str, str]) -> None:
    """Any spec is a filter, or a FilterError that says where and can be shown."""
    try:
        compile_trigger(spec).verdict(event)
    except FilterError as caught:
        error = caught
    else:
        return
    assert error.where is not None
    assert error.where.startswith("spec.filter")
    assert str(error).replace("\n", "").isprintable()
