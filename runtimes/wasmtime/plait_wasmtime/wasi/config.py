"""What one instance gets of WASI."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

from wasmtime import WasiConfig
from wasmtime import _ffi as ffi  # stdin from bytes has no public name; setup.cfg holds the version

from plait_handler.errors import LoadError
from plait_wasmtime.settings import Grants


@dataclass(frozen=True, slots=True)
class Wasi:
    """Makes the configuration for each instance: no file, no network, no environment but what is granted.

    Attributes:
        name: argv[0].
        environment: variables.
        folders: path on the host, path in the module; to be read only.
    """

    name: str
    environment: tuple[tuple[str, str], ...]
    folders: tuple[tuple[str, str], ...]

    def config(self, stdin: bytes = b"") -> WasiConfig:
        """A fresh configuration.

        Args:
            stdin: what the module reads there.
        """
        config = WasiConfig()
        config.argv = [self.name]
        if self.environment:
            config.env = self.environment
        if stdin:
            content = ffi.bytes_to_capi(stdin)
            ffi.wasi_config_set_stdin_bytes(config.ptr(), ctypes.byref(content))
        for host, guest in self.folders:
            config.preopen_dir(host, guest, fs_mutable=False)
        return config


def wasi(directory: Path, name: str, grants: Grants) -> Wasi:
    """What is granted, checked.

    Raises:
        LoadError: a folder that is not there.
    """
    folders = []
    for guest, relative in grants.directories.items():
        host = directory / relative
        if not host.is_dir():
            raise LoadError(f"PLAIT_WASM: 'directories' has {relative!r}, and {host} is not a folder")
        folders.append((str(host), guest))
    return Wasi(name, tuple(grants.env.items()), tuple(folders))
