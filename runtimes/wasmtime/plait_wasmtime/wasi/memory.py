"""A guest's memory, by addresses that the guest gives and that may be anything."""

from __future__ import annotations

from wasmtime import Caller, Memory


class BadAddress(Exception):  # noqa: N818 - errno EFAULT
    """It is not in the memory, or there is no memory."""


class GuestMemory:
    """The memory of the module that calls.

    Raises:
        BadAddress: the module does not export one as `memory`.
    """

    __slots__ = ("caller", "memory", "size")

    def __init__(self, caller: Caller) -> None:
        memory = caller.get("memory")
        if not isinstance(memory, Memory):
            raise BadAddress
        self.caller, self.memory = caller, memory
        self.size = memory.data_len(caller)

    def read(self, address: int, size: int) -> bytearray:
        """The bytes there.

        Args:
            address: as it came: an i32, which is signed here and not in the guest.
            size: in bytes.

        Raises:
            BadAddress: not all of them are in the memory.
        """
        start = self._checked(address, size)
        return self.memory.read(self.caller, start, start + size)

    def write(self, address: int, content: bytes) -> None:
        """Puts bytes there. Raises as `read`."""
        if content:
            self.memory.write(self.caller, bytearray(content), self._checked(address, len(content)))

    def _checked(self, address: int, size: int) -> int:
        start = address & 0xFFFFFFFF
        if start + size > self.size:
            raise BadAddress
        return start
