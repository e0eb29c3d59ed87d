"""What a core module exports and imports, in words."""

from __future__ import annotations

from wasmtime import FuncType, GlobalType, ImportType, MemoryType, Module


def exports(module: Module) -> str:
    """A list for an error: `add(i32, i32) -> i32, memory`."""
    return ", ".join(described(each.name, each.type) for each in module.exports) or "nothing"


def imported(each: ImportType) -> str:
    """`env::log(i32)`."""
    return described(f"{each.module}::{each.name}", each.type)


def described(name: str, kind: object) -> str:
    """A function with its types; the name alone of anything else."""
    if isinstance(kind, FuncType):
        return signature(name, [str(each) for each in kind.params], [str(each) for each in kind.results])
    others = {MemoryType: "memory", GlobalType: "global"}
    what = others.get(type(kind), "table")
    return name if name == what else f"{name} (a {what})"


def signature(name: str, params: list[str], results: list[str]) -> str:
    """`add(i32, i32) -> i32`."""
    arrow = f" -> {', '.join(results)}" if results else ""
    return f"{name}({', '.join(params)}){arrow}"
