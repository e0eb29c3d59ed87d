"""Components in WAT, with `handle` as wit/function.wit has it."""

from __future__ import annotations


def component(
    body: str, *, text: str = "{}", imports: str = "", core_imports: str = "", wiring: str = ""
) -> str:
    """A component whose `handle` does `body`, and answers what it leaves in memory at 0.

    result<option<string>, failure>: a byte is 1 for an error, at 4 one is 1 for some or the failure's case,
    at 8 is the text's address and at 12 its size. `text` is at 64.

    Args:
        body: after which the address 0 is returned.
        text: in memory.
        imports: of the component.
        core_imports: of its module.
        wiring: between both; instances for `instantiate`, as in `(with ...)`.
    """
    size = len(text.encode())
    escaped = "".join(f"\\{byte:02x}" for byte in text.encode())
    return f"""(component
      {imports}
      (type $f' (variant (case "reject" string) (case "retry-later" string)))
      (import "failure" (type $failure (eq $f')))
      (core module $m
        {core_imports}
        (memory (export "memory") 1)
        (global $n (mut i32) (i32.const 1024))
        (data (i32.const 64) "{escaped}")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
          (global.get $n) (global.set $n (i32.add (global.get $n) (local.get 3))))
        (func $answer (param $error i32) (param $case i32)
          (i32.store (i32.const 0) (local.get $error))
          (i32.store (i32.const 4) (local.get $case))
          (i32.store (i32.const 8) (i32.const 64))
          (i32.store (i32.const 12) (i32.const {size})))
        (func (export "handle") (param $event i32) (param $size i32) (result i32)
          {body} (i32.const 0)))
      (core instance $i (instantiate $m {wiring}))
      (func (export "handle") (param "event" string) (result (result (option string) (error $failure)))
        (canon lift (core func $i "handle")
          (memory (core memory $i "memory")) (realloc (core func $i "cabi_realloc")))))"""


SOME = "(call $answer (i32.const 0) (i32.const 1))"
NONE = "(call $answer (i32.const 0) (i32.const 0))"
REJECT = "(call $answer (i32.const 1) (i32.const 0))"
RETRY_LATER = "(call $answer (i32.const 1) (i32.const 1))"

CLOCK = component(
    """(local $t i64) (local.set $t (call $now))
    (call $answer (i32.const 0) (i64.eq (i64.const 1000000000) (local.get $t)))""",
    text='"still"',
    imports="""(import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
        (export "now" (func (result u64)))))
      (core func $now (canon lower (func $clock "now")))
      (core instance $c (export "now" (func $now)))""",
    core_imports='(import "clock" "now" (func $now (result i64)))',
    wiring='(with "clock" (instance $c))',
)
"""Answers where the time is that of the still clock."""

FOREIGN = component(
    NONE,
    imports="""(import "example:db/store@1.0.0" (instance $db (export "get" (func (result u64)))))""",
)
"""Imports what is not there."""
