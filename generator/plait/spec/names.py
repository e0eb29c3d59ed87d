"""The texts of functions.yaml that have a form: names, labels, images, quantities, paths.

Each is a pydantic type that says what is wrong with a text and how to mend it. Sources: Kubernetes'
API conventions (names, labels, quantities), CloudEvents 1.0.2 (attribute names).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from plait.errors import short
from plait.spec.form import Form, checker, wrong
from plait.spec.image import REGISTRY, Image

LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
SERVICE = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
ATTRIBUTE = r"^[a-z][a-z0-9]*$"
ENV = r"^[-._a-zA-Z][-._a-zA-Z0-9]*$"
CONFIG_KEY = r"^[-._a-zA-Z0-9]+$"
QUALIFIED = (
    SUBDOMAIN.replace("^", "^(").replace("$", "/)?") + r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
)
LABEL_VALUE = r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
QUANTITY = r"^([0-9]+(\.[0-9]*)?|\.[0-9]+)(m|u|n|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei|[eE][+-]?[0-9]{1,2})?$"
REGISTRY_TEXT = rf"^({REGISTRY.pattern})$"
REQUIREMENT = r"^(>=|==|~=) ?[0-9]{1,9}(\.[0-9]{1,9}){0,2}$"
URL = r"^https?://[^\s/?#]+[^\s]*$"
MODULE = r"^[-._a-zA-Z0-9]+\.(wasm|wat)$"

_DNS_HINT = "lower-case letters, digits and '-', a letter or digit at both ends"
_KNATIVE_HINT = "Knative skips an empty filter value silently; leave the field out"
_SUFFIX = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def amount(quantity: str) -> Decimal:
    """A Kubernetes quantity as a number: `250m` is 0.25, `1Ki` is 1024."""
    match = re.fullmatch(r"([0-9.]+)(?:([KMGTPE])i|([numkMGTPE]))?(?:[eE]([+-]?[0-9]+))?", quantity)
    if match is None:
        raise ValueError(quantity)
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Decimal(number) * Decimal(1024) ** ("KMGTPE".index(binary) + 1)
    return Decimal(number).scaleb(_SUFFIX[decimal] if decimal else int(exponent or 0))


def _number_to_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _check_image(text: str) -> str:
    try:
        Image.parse(text)
    except ValueError as error:
        hint = "as registry.example.com/demo/orders:1.0.0"
        raise wrong(f"{short(text)} is not an image reference: {error}", hint) from None
    return text


def _check_path(text: str) -> str:
    parts = text.split("/")
    drive = re.match(r"[A-Za-z]:", text)
    if not text or text.startswith("/") or ".." in parts or "\\" in text or drive or not text.isprintable():
        hint = "a relative path with '/', without '..'"
        raise wrong(f"{short(text)} is not a path inside the folder of functions.yaml", hint)
    return "/".join(part for part in parts if part not in ("", ".")) or "."


def _check_some(text: str) -> str:
    if not text:
        raise wrong("an empty text", "leave the field out, or write something")
    return text


def _check_filter_value(text: str) -> str:
    if not text:
        raise wrong("an empty text", _KNATIVE_HINT)
    return text


def _check_cesql(text: str) -> str:
    """Knative's webhook parses the expression too, and refuses what is none."""
    from plait.filters.cesql import (  # noqa: PLC0415 - brings a parser, and few files have one
        Dialect,
        ParseError,
        parse,
    )

    try:
        parse(_check_some(text), Dialect.KNATIVE)
    except ParseError as error:
        raise wrong(f"not a CESQL expression: {error.message}", error.hint) from None
    return text


_check_label = checker(LABEL, "a DNS-1123 label", _DNS_HINT, 63)
_check_service = checker(SERVICE, "a name (DNS-1035 label)", _DNS_HINT + ", a letter first", 63)
_check_subdomain = checker(SUBDOMAIN, "a DNS-1123 subdomain", _DNS_HINT + "; parts joined by '.'")
_check_attribute = checker(
    ATTRIBUTE, "a CloudEvents attribute name", "lower-case letters and digits, a letter first"
)
_check_env = checker(
    ENV, "a name of an environment variable", "letters, digits, '_', '-' and '.', no digit first"
)
_NO_TEXT = re.compile(r"(?i:null|true|false)|[0-9][-+_.:0-9a-fA-FoOxX]*")
_check_key = checker(QUALIFIED, "a label or annotation key", "as team or example.com/team", 317)
_check_label_value = checker(
    LABEL_VALUE, "a label value", "letters, digits, '-', '_', '.'; a letter or digit at both ends", 63
)
_check_resource = checker(QUALIFIED, "a resource", "as cpu, memory or nvidia.com/gpu", 317)
_check_quantity = checker(QUANTITY, "a quantity", "as 250m, 0.5, 128Mi or 1Gi", 63)
_check_bytes = checker(r"^[1-9][0-9]*(Ki|Mi|Gi)?$", "an amount of memory", "as 67108864, 64Mi or 1Gi", 20)
_check_registry = checker(REGISTRY_TEXT, "a registry", "as registry.example.com or registry.example.com/team")
_check_config_key = checker(CONFIG_KEY, "a key of a Secret or ConfigMap", "letters, digits, '-', '_' and '.'")
_check_url = checker(URL, "an absolute URL", "as http://orders.example.com/events", 2048)
_check_module = checker(
    MODULE, "the name of a WebAssembly module", "a file in the source folder, as add.wasm"
)
_check_http_path = checker(r"^/\S*$", "the path of a URL", "as /healthz", 2048)
_check_requirement = checker(REQUIREMENT, "a range of versions", 'as ">=0.1", "==0.1.0" or "~=0.1"')


def _check_annotation(text: str) -> str:
    """kustomize loses the quotes of such a key, and then fails: annotations are keyed by texts."""
    if _NO_TEXT.fullmatch(_check_key(text)):
        raise wrong(f"{text!r} is no text to kustomize", f"put a prefix before it, as example.com/{text}")
    return text


Label = Annotated[str, Form(_check_label, LABEL, 63)]
FunctionName = Annotated[str, Form(_check_service, SERVICE, 63)]
Subdomain = Annotated[str, Form(_check_subdomain, SUBDOMAIN, 253)]
ConfigKey = Annotated[str, Form(_check_config_key, CONFIG_KEY, 253)]
ImageText = Annotated[str, Form(_check_image)]
Registry = Annotated[str, Form(_check_registry, REGISTRY_TEXT, 253)]
RelativePath = Annotated[str, Form(_check_path, shortest=1)]
Module = Annotated[str, Form(_check_module, MODULE, 253)]
Url = Annotated[str, Form(_check_url, URL, 2048)]
HttpPath = Annotated[str, Form(_check_http_path, r"^/\S*$", 2048)]
Requirement = Annotated[str, Form(_check_requirement, REQUIREMENT)]
NonEmpty = Annotated[str, Form(_check_some, shortest=1)]
FilterText = Annotated[str, Form(_check_filter_value, shortest=1)]
Cesql = Annotated[str, Form(_check_cesql, shortest=1)]
EnvName = Annotated[str, Form(_check_env, ENV, 253)]
Quantity = Annotated[
    str, BeforeValidator(_number_to_text), Form(_check_quantity, QUANTITY, longest=63, number=True)
]
Bytes = Annotated[
    str,
    BeforeValidator(_number_to_text),
    Form(_check_bytes, r"^[1-9][0-9]*(Ki|Mi|Gi)?$", longest=20, number=True),
]
ResourceName = Annotated[str, Form(_check_resource, QUALIFIED, 317)]
LabelKey = Annotated[str, Form(_check_key, QUALIFIED, 317)]
Labels = dict[LabelKey, Annotated[str, Form(_check_label_value, LABEL_VALUE, 63)]]
Annotations = dict[Annotated[str, Form(_check_annotation, QUALIFIED, 317)], str]
Attribute = Annotated[str, Form(_check_attribute, ATTRIBUTE, 253)]
Attributes = dict[Attribute, FilterText]
