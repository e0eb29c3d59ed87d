"""The texts of functions.yaml that have a form: names, labels, quantities, durations, paths.

Each is a pydantic type that says what is wrong with a text and how to mend it. Sources: Kubernetes'
API conventions (names, labels, quantities), CloudEvents 1.0.2 (attribute names), ISO 8601 (durations).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from plait.spec.image import REGISTRY, Image

LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
SERVICE = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
ATTRIBUTE = r"^[a-z][a-z0-9]*$"
ENV = r"^[-._a-zA-Z][-._a-zA-Z0-9]*$"
QUALIFIED = r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
LABEL_VALUE = r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
QUANTITY = r"^([0-9]+(\.[0-9]*)?|\.[0-9]+)(m|u|n|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei|[eE][+-]?[0-9]+)?$"
DURATION = (
    r"^P(?=[0-9]|T[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?"
    r"(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?$"
)
_SUFFIX = dict(zip("n u m k M G T P E".split(), (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True))


def wrong(message: str, hint: str | None = None) -> PydanticCustomError:
    """The error for a value of the right type and the wrong content. Braces in the texts are safe."""
    return PydanticCustomError("plait", "{message}", {"message": message, "hint": hint})


def _form(pattern: str, what: str, hint: str, limit: int = 253) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if len(text) > limit:
            raise wrong(f"{text[:40]!r}... has {len(text)} characters; {what} has {limit} at the most")
        if not compiled.search(text) or text.endswith("\n"):
            raise wrong(f"{text!r} is not {what}", hint)
        return text

    return check


_DNS_HINT = "lower-case letters, digits and '-', a letter or digit at both ends"
_check_service = _form(SERVICE, "a name (DNS-1035 label)", _DNS_HINT + ", a letter first", 63)


def _check_image(text: str) -> str:
    try:
        Image.parse(text)
    except ValueError as error:
        raise wrong(f"{text!r} is not an image reference: {error}", "as registry.example.com/demo/orders:1.0.0") from None
    return text


def _check_path(text: str) -> str:
    parts = text.split("/")
    if not text or text.startswith("/") or ".." in parts or "\\" in text or re.match(r"[A-Za-z]:", text):
        raise wrong(f"{text!r} leaves the folder of functions.yaml", "a relative path with '/', without '..'")
    return "/".join(part for part in parts if part not in ("", ".")) or "."


def _check_module(text: str) -> str:
    if not re.fullmatch(r"[-._a-zA-Z0-9]+\.(wasm|wat)", text):
        raise wrong(f"{text!r} is not the name of a WebAssembly module", "a file in the source folder, as add.wasm")
    return text


def _check_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", text):
        raise wrong(f"{text!r} is not an absolute URL", "as http://orders.example.com/events")
    return text


def _check_duration(text: str) -> str:
    if not re.fullmatch(DURATION, text):
        raise wrong(f"{text!r} is not an ISO 8601 duration", "as PT0.2S, PT30S or PT5M")
    return text


def _check_timeout(text: str) -> str:
    if not re.search("[1-9]", _check_duration(text)):
        raise wrong("a timeout of zero", "Knative refuses it; leave it out for no limit")
    return text


def _number_to_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def amount(quantity: str) -> Decimal:
    """A Kubernetes quantity as a number: `250m` is 0.25, `1Ki` is 1024."""
    match = re.fullmatch(r"([0-9.]+)(?:([KMGTPE])i|([numkMGTPE]))?(?:[eE]([+-]?[0-9]+))?", quantity)
    if match is None:
        raise ValueError(quantity)
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Decimal(number) * 1024 ** ("KMGTPE".index(binary) + 1)
    return Decimal(number).scaleb(_SUFFIX[decimal] if decimal else int(exponent or 0))


@dataclass(frozen=True)
class Form:
    """Annotates `str` with a check, and with the pattern and length that a JSON Schema can tell.

    The pattern is for editors; `check` decides, and gives the better message.
    """

    check: Callable[[str], str]
    pattern: str | None = None
    limit: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        shown = handler(schema)
        if self.pattern:
            shown["pattern"] = self.pattern
        if self.limit:
            shown["maxLength"] = self.limit
        return shown


_check_label = _form(LABEL, "a DNS-1123 label", _DNS_HINT, 63)
_check_subdomain = _form(SUBDOMAIN, "a DNS-1123 subdomain", _DNS_HINT + "; parts joined by '.'")
_check_attribute = _form(ATTRIBUTE, "a CloudEvents attribute name", "lower-case letters and digits, a letter first")
_check_env = _form(ENV, "a name of an environment variable", "letters, digits, '_', '-' and '.', no digit first")
_check_key = _form(QUALIFIED, "a label or annotation key", "as team or example.com/team", 317)
_check_label_value = _form(LABEL_VALUE, "a label value", "letters, digits, '-', '_', '.'; ends with a letter or digit", 63)
_check_quantity = _form(QUANTITY, "a quantity", "as 250m, 0.5, 128Mi or 1Gi", 63)
_check_registry = _form(rf"^({REGISTRY.pattern})$", "a registry", "as registry.example.com or registry.example.com/team")
_check_config_key = _form(r"^[-._a-zA-Z0-9]+$", "a key of a Secret or ConfigMap", "letters, digits, '-', '_' and '.'")


def _check_nonempty(text: str) -> str:
    if not text:
        raise wrong("an empty text", "Knative skips an empty filter value silently; leave the field out")
    return text


Label = Annotated[str, Form(_check_label, LABEL, 63)]
FunctionName = Annotated[str, Form(_check_service, SERVICE, 63)]
Subdomain = Annotated[str, Form(_check_subdomain, SUBDOMAIN, 253)]
ConfigKey = Annotated[str, Form(_check_config_key, r"^[-._a-zA-Z0-9]+$", 253)]
ImageText = Annotated[str, Form(_check_image)]
Registry = Annotated[str, Form(_check_registry)]
RelativePath = Annotated[str, Form(_check_path)]
Module = Annotated[str, Form(_check_module)]
Url = Annotated[str, Form(_check_url, r"^https?://[^\s/?#]+")]
Duration = Annotated[str, Form(_check_duration, DURATION)]
Timeout = Annotated[str, Form(_check_timeout, DURATION)]
NonEmpty = Annotated[str, Form(_check_nonempty, r"^[\s\S]+$")]
EnvName = Annotated[str, Form(_check_env, ENV)]
Quantity = Annotated[
    str,
    BeforeValidator(_number_to_text, json_schema_input_type=str | int | float),
    AfterValidator(_check_quantity),
]
LabelKey = Annotated[str, Form(_check_key, QUALIFIED)]
Labels = dict[LabelKey, Annotated[str, Form(_check_label_value, LABEL_VALUE, 63)]]
Annotations = dict[LabelKey, str]
Attributes = dict[Annotated[str, Form(_check_attribute, ATTRIBUTE)], NonEmpty]
