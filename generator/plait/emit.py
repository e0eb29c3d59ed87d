"""Plain data to YAML text, in kubectl's style: block collections, sequences not indented.

Only dicts with text keys, lists, text, int, float, bool and None come in. Texts that some reader
of YAML 1.1 or 1.2 would take for something else are quoted. Hypothesis holds the output against
ruamel's and PyYAML's loaders (tests/test_emit.py). Written by hand because ruamel's C emitter takes
about ten times as long for a document (benchmarks/emit.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9_/.][A-Za-z0-9_./@%+=-]*(?::[A-Za-z0-9_./@%+=-]+)*")
_NUMBERISH = re.compile(r"[.0-9][0-9a-fA-FxXoO_.,:eEtTzZ+-]*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", ".nan", ".inf"))
_LONGEST_KEY = 1000  # YAML ends what may be a key without `?` after 1024 characters
_BMP = 0xFFFF
_LINE = r" *[\x21-\x7e\u00a1-\u2027\u202a-\ud7ff][\x20-\x7e\u00a1-\u2027\u202a-\ud7ff]*\n"
_BLOCK = re.compile(rf"(?:{_LINE}|\n)*{_LINE}")


def document(data: Any) -> str:
    """The YAML text of one document, with a newline at its end and no `---`."""
    lines: list[str] = []
    _block(data, "", lines)
    return "\n".join(lines) + "\n"


def stream(documents: Iterable[Any]) -> str:
    """Several documents with `---` between them."""
    return "---\n".join(map(document, documents))


@lru_cache(maxsize=65536)
def text(value: str) -> str:
    """A text as a YAML flow or block scalar on one line: plain where nobody can misread it."""
    if not _PLAIN.fullmatch(value) or value.lower() in _WORDS or _NUMBERISH.fullmatch(value):
        return _quoted(value)
    return value


def _quoted(value: str) -> str:
    """JSON's escapes are YAML's too; what JSON leaves bare and YAML may not show is escaped besides."""
    quoted = json.dumps(value, ensure_ascii=False)
    return quoted if quoted.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in quoted)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\U{code:08X}" if code > _BMP else f"\\u{code:04X}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return text(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    return _float(value) if isinstance(value, float) else repr(value)


def _float(value: float) -> str:
    """Python leaves the point out (1e+16), without which YAML 1.1 takes the number for a text."""
    mantissa, exponent, power = repr(value).partition("e")
    if mantissa.endswith(("inf", "nan")):
        return mantissa.replace("inf", ".inf").replace("nan", ".nan")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _block(value: Any, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict) and value:
        _mapping(value, indent, indent, lines)
    elif isinstance(value, list) and value:
        _sequence(value, indent, lines)
    else:
        lines.append(indent + _inline(value))


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    return "[]" if isinstance(value, list) else _scalar(value)


def _mapping(value: dict[str, Any], first: str, indent: str, lines: list[str]) -> None:
    """`first` stands before the first key (`- ` in a sequence), `indent` before the others."""
    lead = first
    for key, item in value.items():
        name = text(key)
        head = f"{lead}{name}:" if len(name) < _LONGEST_KEY else f"{lead}? {name}\n{indent}:"
        lead = indent
        if isinstance(item, str):
            if "\n" in item and item[0] not in " \n" and _BLOCK.fullmatch(item):
                _literal(head + " |", item, indent + "  ", lines)
            else:
                lines.append(f"{head} {text(item)}")
        elif isinstance(item, dict) and item:
            lines.append(head)
            _mapping(item, indent + "  ", indent + "  ", lines)
        elif isinstance(item, list) and item:
            lines.append(head)
            _sequence(item, indent, lines)
        else:
            lines.append(f"{head} {_inline(item)}")


def _sequence(value: Sequence[Any], indent: str, lines: list[str]) -> None:
    for item in value:
        if isinstance(item, dict) and item:
            _mapping(item, indent + "- ", indent + "  ", lines)
        elif isinstance(item, list) and item:
            lines.append(f"{indent}-")
            _sequence(item, indent + "  ", lines)
        else:
            lines.append(f"{indent}- {_inline(item)}")


def _literal(head: str, value: str, indent: str, lines: list[str]) -> None:
    """A block scalar. Only texts that end in exactly one newline, so no chomping indicator is needed."""
    lines.append(head)
    lines += [indent + line if line else "" for line in value[:-1].split("\n")]
