"""A core module with its imports, ready to be instantiated again and again."""

from __future__ import annotations

from wasmtime import InstancePre, Linker, Module, WasmtimeError

from plait_handler.errors import LoadError
from plait_wasmtime.guest.failures import sentence
from plait_wasmtime.guest.types import imported
from plait_wasmtime.wasi.preview1 import MODULE


def linked(linker: Linker, module: Module, name: str) -> InstancePre:
    """The module with WASI.

    Args:
        linker: with WASI in it.
        module: to be linked.
        name: of the module's file, for the error.

    Raises:
        LoadError: it imports something else.
    """
    try:
        return linker.instantiate_pre(module)
    except WasmtimeError as error:
        foreign = [imported(each) for each in module.imports if each.module != MODULE]
        text = f"it imports {', '.join(foreign)}" if foreign else sentence(str(error))
        raise LoadError(f"{name}: {text}; what there is to import is {MODULE} (WASI), and no more") from None


def uses_wasi(module: Module) -> bool:
    """Whether it imports anything of WASI."""
    return any(each.module == MODULE for each in module.imports)
