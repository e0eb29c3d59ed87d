"""Plain data for Hypothesis: what YAML and JSON can hold, with the texts that are misread most easily."""

from typing import Any

from hypothesis import strategies as st

NASTY = (
    *("", " ", "  a", "a ", "\ta", "a\t", "\n", "\n\n", "a\n", "a\n\n", "\na", " a\nb\n", "a\nb"),
    *("a\n b\n", "a\n\n\nb\n", "a\r\nb\r\n", "a\rb", "a\tb\n", "a \nb\n", "a\n \nb\n", "#\n"),
    *("a\n---\nb\n", "a\n...\n", "- a\n- b\n", "|\n", "a: |\n  b\n", "a\x85b", "a\u2028b"),
    *("a\u2029b\n", "\ufeff", "a\ufeffb", "\x7f", "\x00", "\x1b[31m", "\xa0", "a\xa0", "\u200b\n"),
    *("\u202ea", "\xe9\n", "ключ", "\u65e5\u672c\u8a9e\nb\n", "😀", "\U0001f600\n", "\ue000"),
    *("\U0010ffff", "\ud7ff", "�", "\ufdd0", "\uffff", "yes", "No", "ON", "off", "y", "N", "true"),
    *("False", "TRUE", "null", "Null", "~", "nan", ".nan", ".NaN", ".inf", "-.INF", "=", "<<", "<"),
    *(">", "|", "-", "- a", "--- a", "---", "...", "?", "? a", ":", ": a", "a:", "a: b", "a :b"),
    *("#", "# a", "a #b", "a#b", "%", "%YAML 1.1", "@", "@a", "`", "!", "!a", "!!str", "&", "&a"),
    *("*", "*a", "{", "}", "{a}", "[", "]", "[a]", ",", "a,b", "'", '"', "''", '"a"', "it's", "'a"),
    *('"', "\\", "a\\b", "\\n", "{{ a }}", "$(A)", "http://a:80/?b=c#d", "C:\\a", "a:b", "a/b"),
    *("0", "1", "-1", "+1", "007", "010", "0o17", "0x1F", "0b10", "1_000", "12:30", "1:2:3"),
    *("190:20:30.15", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5"),
    *("1e3", "1E3", "1e+3", "1.e3", ".5", "5.", "1.10", "-.5", "+.5", ".", "..", "_", "_1", "._"),
    *("1_", "0x", "0o8", "08", "1.2.3", "1.0.0", "v1", "1Gi", "250m", "1,000", "0xg", "1e", "e3"),
    *("1a", "1-2", "--1"),
)
TEXT = st.sampled_from(NASTY) | st.text(max_size=20) | st.text("ab \n:#-'\"\\\t", max_size=12)
INTEGERS = st.integers() | st.sampled_from([0, -1, 8, 10**18, 2**63, -(10**30)])
FLOATS = st.floats(allow_nan=False)
SCALARS = TEXT | INTEGERS | FLOATS | st.booleans() | st.none()


def _collections(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4)


DATA: st.SearchStrategy[Any] = st.recursive(SCALARS, _collections, max_leaves=20)
