"""What a text looks like: a secret by its name, or by its value.

The rules for values are those of detect-secrets, but for its guesses by entropy, and a password in a URL.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Any

_SECRET = re.compile(
    r"passwords?|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?"
)
"""What a word of a name ends in, or two words with _ between them: PGPASSWORD, but not TOKENIZER."""

_ABOUT = re.compile(
    r"age|alg|algorithm|audience|bucket|bytes|claim|class|cookie|count|days|dir|directory|duration|enabled"
    r"|endpoint|expiration|expires|expiry|field|file|folder|format|header|hint|host|hours|id|interval|issuer"
    r"|kind|length|lifetime|limit|location|max|min|minutes|mode|mount|name|namespace|optional|path|pattern"
    r"|policy|prefix|provider|ref|regex|region|required|retries|scope|scopes|seconds|size|source|store|suffix"
    r"|template|timeout|ttl|type|uri|url|version"
)
"""Last words of names that tell of a secret and hold none: DB_PASSWORD_FILE, TOKEN_TTL."""

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|\{\{.*?\}\}|<[^<>\s]+>|\*{3,}")
_PLAIN = re.compile(
    r"(?i:true|false|yes|no|on|off|none|null)"  # a switch
    r"|[-+]?\d+(\.\d+)?"  # a number
    r"|(~|\.{1,2})?(/[\w.@-]+)+/?"  # a path
    r"|[a-z][a-z0-9+.-]*://\S*"  # a URL: a password in it is found by its value
)
_PASSWORD_IN_URL = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s:@]*:[^/?#\s@]+@")
_NOT_SECRET = frozenset({"Public IP (ipv4)"})
_SHORTEST = 11
"""Characters of the shortest value that a rule of detect-secrets knows, but for passwords in URLs."""


def named(name: str, value: str) -> bool:
    """Whether the name says that the value is a secret, and the value could be one."""
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().strip("_-.0123456789"))
    if _ABOUT.fullmatch(words[-1]) or not any(map(_ends_in_secret, [*words, *_pairs(words)])):
        return False
    rest = _PLACEHOLDER.sub("", value)
    return bool(rest.strip()) and _PLAIN.fullmatch(rest) is None


def _pairs(words: list[str]) -> list[str]:
    return [f"{one}_{other}" for one, other in pairwise(words)]


def _ends_in_secret(word: str) -> bool:
    return re.search(f"(?:{_SECRET.pattern})$", word) is not None


def kind_of(value: str) -> str | None:
    """What kind of secret the value itself shows, in words; None for what looks like none."""
    rest = _PLACEHOLDER.sub("", value)
    for detector in _detectors() if len(rest) >= _SHORTEST else ():
        if detector.secret_type not in _NOT_SECRET and any(detector.analyze_string(rest)):
            return f"a secret ({detector.secret_type})"
    return "a secret (Password in a URL)" if _PASSWORD_IN_URL.search(rest) else None


@cache
def _detectors() -> list[Any]:
    from detect_secrets.core.plugins.util import (  # noqa: PLC0415 - takes long; most files have no plain value
        get_mapping_from_secret_type_to_class,
    )
    from detect_secrets.plugins.base import RegexBasedDetector  # noqa: PLC0415

    known: dict[str, Any] = get_mapping_from_secret_type_to_class()
    return [known[name]() for name in sorted(known) if issubclass(known[name], RegexBasedDetector)]
