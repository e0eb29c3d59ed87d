"""Modules in WAT that misbehave."""

from __future__ import annotations

LOOP = "(loop $l (br $l))"


def core(body: str, *fields: str, result: str = "") -> str:
    """A core module with one export, `f`."""
    return f'(module {" ".join(fields)} (func (export "f") {result} {body}))'


def command(body: str, *functions: str) -> str:
    """A command with a page of memory, and WASI's functions in the order fd_write, fd_read, poll_oneoff.

    `$write` writes `size` bytes at `address` to a file descriptor.
    """
    imports = " ".join(
        f'(import "wasi_snapshot_preview1" "{name}" (func ${name} (param {types}) (result i32)))'
        for name, types in _WASI.items()
    )
    exit_import = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'
    return f"""(module {imports} {exit_import} (memory (export "memory") 1) {" ".join(functions)}
      (func $write (param $file i32) (param $address i32) (param $size i32) (result i32)
        (i32.store (i32.const 0) (local.get $address))
        (i32.store (i32.const 4) (local.get $size))
        (call $fd_write (local.get $file) (i32.const 0) (i32.const 1) (i32.const 8)))
      (func (export "_start") {body}))"""


_WASI = {
    "fd_write": "i32 i32 i32 i32",
    "fd_read": "i32 i32 i32 i32",
    "poll_oneoff": "i32 i32 i32 i32",
    "clock_time_get": "i32 i64 i32",
}


def says(text: str, then: str = "") -> str:
    """A command that writes a text to stdout, and does something then."""
    escaped = text.encode().hex()
    data = "".join(f"\\{escaped[i : i + 2]}" for i in range(0, len(escaped), 2))
    size = len(text.encode())
    body = f"(drop (call $write (i32.const 1) (i32.const 1024) (i32.const {size}))) {then}"
    return command(body, f'(data (i32.const 1024) "{data}")')


ECHO = command(
    """(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 60000))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $write (i32.const 1) (i32.const 1024) (i32.load (i32.const 8))))"""
)
"""A command that answers what it reads."""

GROWS = """(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable"""

# Each fails with each event: the module, and what the log says of it.
FAILING = {
    "unreachable": (core("unreachable"), "wasm trap: wasm `unreachable` instruction executed"),
    "recursion": (
        '(module (func $f (export "f") (call $f)))',
        "wasm trap: call stack exhausted",
    ),
    "memory bomb": (core(GROWS, '(memory (export "memory") 1)'), "of 8388608 bytes (PLAIT_MEMORY)"),
    "memory at start": (core("", "(memory 1000)"), "memory minimum size of 1000 pages exceeds memory limits"),
    "data out of bounds": (
        core("", '(memory 1) (data (i32.const 65530) "1234567")'),
        "wasm trap: out of bounds memory access",
    ),
    "table out of bounds": (
        core("(drop (table.get (i32.const 9)))", "(table 1 funcref)"),
        "wasm trap: undefined element: out of bounds table access",
    ),
    "division": (
        core("(i32.div_s (i32.const 1) (i32.const 0))", result="(result i32)"),
        "wasm trap: integer divide by zero",
    ),
    "gc bomb": (
        core(
            "(local $x (ref null $n)) (loop $l (local.set $x (struct.new $n (local.get $x))) (br $l))",
            "(type $n (struct (field (ref null $n))))",
        ),
        "GC heap out of memory",
    ),
    "exit code": (command("(call $exit (i32.const 3))"), "the module ended with exit code 3"),
    "no JSON": (says("hello"), "the answer is not JSON (Expecting value: line 1 column 1 (char 0)): 'hello'"),
    "no event": (says('{"specversion":"1.0"}'), "the answer is an event that is not valid: "),
}

# Each goes on until it is stopped.
ENDLESS = {
    "loop": core(LOOP),
    "loop at start": f'(module (func $s {LOOP}) (start $s) (func (export "f")))',
    "stdout for ever": command(
        "(loop $l (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 60000))) (br $l))"
    ),
    "stderr for ever": command(
        "(loop $l (drop (call $write (i32.const 2) (i32.const 1024) (i32.const 60000))) (br $l))"
    ),
    "sleep for ever": command(
        """(i64.store (i32.const 24) (i64.const -1))
        (loop $l (drop (call $poll_oneoff (i32.const 0) (i32.const 1024) (i32.const 1) (i32.const 2048)))
        (br $l))"""
    ),
}
