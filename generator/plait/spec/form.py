"""How a text with a form is declared: what checks it, what an editor can know of it, and its error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from plait.errors import short

Check = Callable[[str], str]


def wrong(message: str, hint: str | None = None) -> PydanticCustomError:
    """The error for a value of the right type and the wrong content. Braces in the texts are safe."""
    return PydanticCustomError("plait", "{message}", {"message": message, "hint": hint})


@dataclass(frozen=True)
class Form:
    """Annotates `str` with a check, and with what a JSON Schema can tell of it.

    The pattern is for editors, so it must mean the same in ECMA 262; `check` decides, and gives the
    better message.

    Attributes:
        check: returns the text (or its normal form), or raises `wrong(...)`.
        pattern, shortest, longest: JSON Schema's pattern, minLength and maxLength.
        number: a number is taken too, as its text.
    """

    check: Check
    pattern: str | None = None
    longest: int | None = None
    shortest: int | None = None
    number: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        limits = {"pattern": self.pattern, "maxLength": self.longest, "minLength": self.shortest}
        shown = handler(schema) | {key: limit for key, limit in limits.items() if limit is not None}
        return {"anyOf": [shown, {"type": "number"}]} if self.number else shown


def checker(pattern: str, what: str, hint: str, longest: int = 253) -> Check:
    """A check of a text's length and pattern."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if len(text) > longest:
            raise wrong(f"{short(text)} has {len(text)} characters; {what} has {longest} at the most")
        if not compiled.search(text) or text.endswith("\n"):
            raise wrong(f"{short(text)} is not {what}", hint)
        return text

    return check
