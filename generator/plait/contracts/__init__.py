"""Event contracts: what the data of each type of event hold (`spec.events` of functions.yaml).

`validate` is for tests of functions; see docs/contracts.md.
"""

from plait.contracts.public import ContractError, validate
from plait.contracts.validator import Violation

__all__ = ["ContractError", "Violation", "validate"]
