"""YAML as the programs downstream read it: 1.1, and numbers as Go sees them."""

import re
from typing import Any

import yaml


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader, but a plain 12345e7 (an image tag, say) is a number, as it is to kustomize."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$"),
    list("-+.0123456789"),
)
for _tag in ("value", "merge"):  # `=` and `<<` as values: texts to Go, and without a constructor in PyYAML
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Loader.construct_scalar)  # type: ignore[type-var]


def load(text: str) -> list[Any]:
    """Every document of a stream, in order, without the empty ones."""
    documents = yaml.load_all(text, _Loader)  # a subclass of the safe loader
    return [document for document in documents if document is not None]
