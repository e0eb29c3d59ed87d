"""Two sets of an environment's objects against one another: which objects differ, and what it means."""

from plait.compare import emitted
from plait.compare.objects import Change, changes
from plait.compare.words import meaning

__all__ = ["Change", "changes", "emitted", "meaning"]
