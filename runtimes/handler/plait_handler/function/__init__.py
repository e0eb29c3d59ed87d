"""The function behind the server: what the server needs of one, and the kind that is written in Python."""

from plait_handler.function.interface import Function
from plait_handler.function.loader import load

__all__ = ["Function", "load"]
