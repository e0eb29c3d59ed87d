"""The cases in golden/: what plait says about a functions.yaml with mistakes.

golden/mistakes holds each case's text, a line of =====, and the words. golden/hostile holds only the words
for files that are too large or too odd to be shown; they are made here.
"""

from collections.abc import Mapping
from pathlib import Path

from plait.errors import SpecError
from plait.spec.load import MAX_BYTES, load
from tests.support.golden import read

GOLDEN = Path(__file__).parent / "golden"
MISTAKES = GOLDEN / "mistakes"
HOSTILE = GOLDEN / "hostile"
LINE = "=====\n"

HEAD = b"apiVersion: plait.dev/v1\nkind: Functions\nmetadata: {name: shop}\nspec:\n  namespace: shop\n"
MANY = 5_000


def inputs() -> dict[str, str]:
    """Each case's functions.yaml."""
    return {name: content.partition(LINE)[0] for name, content in read(MISTAKES).items()}


def mistakes(data: bytes) -> str:
    """What plait says about a functions.yaml; nothing about one without mistakes."""
    try:
        load(data)
    except SpecError as error:
        return f"{error}\n"
    return ""


def hostile() -> Mapping[str, bytes]:
    """Files that nobody writes on purpose, or only with a bad one."""
    return {**_bytes(), **_deep(), **_large(), **_many()}


def _bytes() -> dict[str, bytes]:
    return {
        "latin-1": HEAD + "  external: [{type: é, source: caf".encode() + b"\xe9}]\n",
        "latin-1-after-a-byte-order-mark": b"\xef\xbb\xbf# \xe9\n",
        "utf-16": "apiVersion: plait.dev/v1\n".encode("utf-16"),
        "nul": HEAD + b"  requires: \0\n",
        "escape": HEAD + b'  requires: "\x1b[31m"\n',
        "byte-order-mark-inside": HEAD + "\ufeff".encode() + HEAD,
        "carriage-returns-alone": HEAD.replace(b"\n", b"\r"),
        "carriage-returns": (HEAD + b"  requires: 5\n").replace(b"\n", b"\r\n"),
        "lone-surrogate": HEAD + b"  requires: \xed\xa0\x80\n",
        "control-characters-by-escapes": HEAD + b'  functions: {"a\\0\\x1b[31m\\u202eb": {}}\n',
        "surrogate-by-escape": HEAD + b'  functions: {"\\ud800": {}}\n',
    }


def _deep() -> dict[str, bytes]:
    laughs = b"".join(b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12))
    return {
        "nested-400-levels": HEAD + b"  external: " + b"[" * 400 + b"]" * 400 + b"\n",
        "nested-400-levels-of-blocks": b"".join(b" " * i + b"a:\n" for i in range(400)),
        "brackets": b"[" * MAX_BYTES,
        "questions": b"? " * MANY,
        "billion-laughs": b"a0: &a0 x\n" + laughs,
        "many-aliases": b"a: &a x\nb: [" + b"*a," * 300_000 + b"]\n",
    }


def _large() -> dict[str, bytes]:
    return {
        "50-megabytes": b"a" * 50_000_000,
        "one-long-word": b"a" * MAX_BYTES,
        "many-values": b"- a\n" * (MAX_BYTES // 4),
        "long-texts": HEAD
        + b"  requires: "
        + b"9" * 1_000_000
        + b"\n  broker: {name: "
        + b"a." * 500_000
        + b"}\n",
        "long-unknown-key": HEAD + b'  ? "' + b"k" * 1_000_000 + b'"\n  : 1\n',
        "long-alias": HEAD + b"  broker: *" + b"b" * 1_000_000 + b"\n",
        "long-tag": HEAD + b"  broker: !" + b"b" * 1_000_000 + b" {}\n",
        "long-image": HEAD + b"  runtimes: {python: " + b"a-" * 500_000 + b"}\n",
        "large-exponents": HEAD
        + b"  functions: {a: {resources: {limits: {cpu: '1e999999999', a: 1e9999}}}}\n",
        "long-version": HEAD + b"  requires: '>=" + b"9" * 5_000 + b"'\n",
    }


def _many() -> dict[str, bytes]:
    numbered = [b"%d" % number for number in range(MANY)]
    function = b"{runtime: python, image: a, delivery: {deadLetter: {function: no%s}}}"
    return {
        "many-duplicate-functions": HEAD + b"  functions:\n" + b"    a: {runtime: python, image: a}\n" * MANY,
        "many-unknown-keys": HEAD + b"".join(b"  key%s: 1\n" % n for n in numbered),
        "many-wrong-names": HEAD + b"  functions:\n" + b"".join(b"    A%s: {}\n" % n for n in numbered),
        "many-dead-ends": HEAD
        + b"  functions:\n"
        + b"".join(b"    a%s: " % n + function % n + b"\n" for n in numbered),
        "a-long-circle": HEAD
        + b"  environments:\n"
        + b"".join(b"    e%s: {promotesFrom: e%d}\n" % (n, (int(n) + 1) % MANY) for n in numbered),
        "many-documents": b"---\na\n" * MANY,
        "many-tags": b"- !a b\n" * MANY,
    }
