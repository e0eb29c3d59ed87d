"""docs/functions.md: every field of functions.yaml, from the JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def sections(schema: Schema) -> str:
    """A table for each kind of mapping, the file itself first."""
    kinds = {"functions.yaml": schema, **schema["$defs"]}
    named = {name: kind for name, kind in kinds.items() if "properties" in kind}
    return "\n".join("\n".join(_section(name, kind)) for name, kind in named.items())


def _section(name: str, kind: Schema) -> Iterator[str]:
    yield f"## {name}\n\n{kind['description']}\n"
    yield "| field | type | meaning | example |\n|---|---|---|---|"
    needed = kind.get("required", [])
    for field, rules in kind["properties"].items():
        must = " (needed)" if field in needed else ""
        examples = rules.get("examples", [])
        example = f"`{json.dumps(examples[0])}`" if examples else ""
        cells = [f"`{field}`{must}", _type(rules), rules.get("description", ""), example]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _type(rules: Schema) -> str:
    if "$ref" in rules:
        name = rules["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in rules:
        return " or ".join(map(_type, rules["anyOf"]))
    if "enum" in rules or "const" in rules:
        return ", ".join(f"`{json.dumps(value)}`" for value in rules.get("enum", [rules.get("const")]))
    if rules.get("type") == "array":
        return f"list of {_type(rules['items'])}"
    if isinstance(values := _values(rules), Mapping):
        return f"mapping of names to {_type(values)}"
    return str(rules.get("type", "any"))


def _values(rules: Schema) -> Any:
    inner = rules.get("additionalProperties") or next(iter(rules.get("patternProperties", {}).values()), None)
    return inner if rules.get("type") == "object" else None
