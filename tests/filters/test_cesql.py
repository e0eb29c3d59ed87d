"""CESQL beyond its test suite: where the dialects differ, what is told of mistakes, and the bounds."""

from typing import Any

import pytest

from plait.filters.cesql import LONGEST, Dialect, ParseError, parse

EVENT = {"type": "t.one", "source": "/src", "id": "a", "n": 5, "flag": True, "word": "é"}


def value(text: str, dialect: Dialect) -> Any:
    """The value of an expression, or the kind of its error."""
    result = parse(text, dialect).evaluate(EVENT)
    return result.error.kind.value if result.error else result.value


@pytest.mark.parametrize(
    ("text", "spec", "knative"),
    [
        ("FALSE AND TRUE OR TRUE", True, False),
        ("TRUE OR FALSE AND FALSE", False, True),
        ("TRUE XOR TRUE OR TRUE", True, False),
        ("2147483647 + 1", "math", -2147483648),
        ("-(-2147483648)", "math", -2147483648),
        ("LENGTH(word)", 1, 2),
        ("LEFT(word, 1)", "é", "\udcc3"),
        ("RIGHT(word, 1)", "é", "\udca9"),
        ("SUBSTRING(word, 2)", "functionEvaluation", "\udca9"),
        ("word LIKE '_'", True, False),
        ("'%x' LIKE '%'", True, False),
        (r"'\x' LIKE '\_'", False, True),
    ],
)
def test_where_the_dialects_differ(text: str, spec: Any, knative: Any) -> None:
    """Each difference that docs/filters.md names, with both answers."""
    assert (value(text, Dialect.SPEC), value(text, Dialect.KNATIVE)) == (spec, knative)


def test_a_character_without_meaning() -> None:
    """Knative's lexer steps over it; by the specification the text is no expression."""
    assert value("type = 't.one' ;", Dialect.KNATIVE) is True
    with pytest.raises(ParseError, match="has no meaning in CESQL"):
        parse("type = 't.one' ;")


def test_a_negative_length_crashes_the_library() -> None:
    """SUBSTRING with a negative length: an error by the specification, a crash in Knative."""
    for dialect in Dialect:
        error = parse("SUBSTRING(type, 1, -1)", dialect).evaluate(EVENT).error
        assert error is not None
        assert error.panics is (dialect is Dialect.KNATIVE)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("type = ", "ends too early", "operand"),
        ("", "ends too early", "value"),
        ("type == 'a'", "'=' at 1:7 does not fit there", "single ="),
        ("n\n-1", "'-1' at 2:1 does not fit there", "4 - 1"),
        ("type = 'a", "1:8 has no closing quote", None),
        ("!flag", "'!' at 1:1", "NOT"),
        ("flag && flag", "'&' at 1:6", "AND"),
        ("data.n = 1", "'.' at 1:5", "never its data"),
        ("type IN ['a']", "'[' at 1:9", "parentheses"),
        ("type IN ()", "')' at 1:10 does not fit there", None),
        ("2147483648", "no 32 bit integer", None),
        ("x LIKE 5", "'5' at 1:8 does not fit there", None),
    ],
)
def test_a_mistake_says_where_and_what_helps(text: str, message: str, hint: str | None) -> None:
    """Line and column, what was met, and where it is a common slip, what to write."""
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "") if hint else caught.value.hint is None
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 30_000, "ends too early"),
        ("UPPER(" * 200 + "'a'" + ")" * 200, "nested deeper than 100 levels"),
        ("1" + " + 1" * 200, "nested deeper than 100 levels"),
        ("x IN (" * 200 + "1" + ")" * 200, "nested deeper than 100 levels"),
        ("a" * (LONGEST + 1), f"has {LONGEST + 1} characters"),
    ],
    ids=["open", "calls", "sums", "sets", "long"],
)
def test_nesting_and_length_are_bounded(text: str, message: str) -> None:
    """A clear error, never a RecursionError."""
    with pytest.raises(ParseError, match=message):
        parse(text)


@pytest.mark.parametrize("dialect", Dialect, ids=lambda dialect: dialect.value)
@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(["type = 'x'"] * 2000 + ["flag"]),
        "(" * 5000 + "flag" + ")" * 5000,
        "NOT " * 5000 + "flag",
    ],
    ids=["or", "parentheses", "not"],
)
def test_long_chains_are_fine(text: str, dialect: Dialect) -> None:
    """What is long but not deep is evaluated: alternatives, parentheses around one value, repeated NOT."""
    assert value(text, dialect) is True


def test_like_is_quick_on_the_worst_pattern() -> None:
    """A pattern of thousands of wildcards is decided without trying all ways to spread them."""
    text = f"'{'a' * 3000}' LIKE '{'%a' * 3000}%b'"
    assert value(text, Dialect.SPEC) is False


@pytest.mark.parametrize("other", [None, 1.5, 2**40, b"x", [1], {"a": 1}], ids=repr)
def test_values_that_are_none_of_cesql_are_texts(other: object) -> None:
    """An attribute of another type compares as a text, None is a missing attribute."""
    result = parse("STRING(x)").evaluate({"x": other})
    assert result.error if other is None else result.value == str(other)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'x' + missing", "missingAttribute"),
        ("missing + 'x'", "missingAttribute"),
        ("'x' + 1 / 0", "math"),
        ("nosuch(missing)", "missingFunction"),
        ("LENGTH(1, 2)", "missingFunction"),
        ("INT('x') = 1 / 0", "cast"),
        ("type IN ('a', missing)", "missingAttribute"),
    ],
)
def test_the_first_error_counts(text: str, kind: str) -> None:
    """Operands are evaluated before either is cast, and evaluation stops at the first error."""
    assert value(text, Dialect.SPEC) == value(text, Dialect.KNATIVE) == kind
