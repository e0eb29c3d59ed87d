"""The filters of Triggers: which events a Trigger lets through, as Knative's Broker decides it.

One implementation for the local broker, `plait explain` and `plait check`. The facts are in docs/filters.md.
CESQL, and with it lark, is imported only where an expression is compiled.
"""

from plait.filters.provable import always_matches, never_matches
from plait.filters.trigger import Filter, Verdict, compile_trigger
from plait.filters.webhook import FilterError, mistakes

__all__ = [
    "Filter",
    "FilterError",
    "Verdict",
    "always_matches",
    "compile_trigger",
    "mistakes",
    "never_matches",
]
